import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { render } from '../kustomize/render.ts';
import { killed, newHome, removeHome, startClusterProcess, type ClusterProcess } from './testing/cluster-process.ts';
import { script } from './testing/manifests.ts';
import { until } from './testing/until.ts';

// The bank as the shop's manifests have it, whose book is in a volume.
const overlay = fileURLToPath(new URL('../shop/manifests/overlays/embedded', import.meta.url));
const home = newHome();
let cluster: ClusterProcess;
before(async () => {
  cluster = await startClusterProcess(home);
});
after(async () => {
  await killed(cluster);
  removeHome(home);
});

const references = () => {
  const book = new DatabaseSync(join(home, 'volumes/var/lib/breakwater/bank/book.sqlite'), { readOnly: true });
  try {
    return book
      .prepare('select reference from charges order by sequence')
      .all()
      .map(({ reference }) => reference);
  } finally {
    book.close();
  }
};

async function charge(reference: string): Promise<void> {
  const body = JSON.stringify(JSON.stringify({ reference, amountCents: 1 }));
  const code = `
    const post = () => fetch('http://bank.${namespace}:8080/charges', { method: 'POST', body: ${body} })
      .then(({ status }) => status, () => 0)
      .then((status) => status === 201 || new Promise((again) => setTimeout(again, 50)).then(post));
    post();`;
  await cluster.objects.create(script(reference, code, {}, { restartPolicy: 'Never' }));
  await until(`${reference} is charged`, async () => {
    const { status } = await cluster.core.readNamespacedPod({ name: reference, namespace: 'default' });
    return status?.phase === 'Succeeded';
  });
}

let namespace = '';

test('what the bank has confirmed is in its book after its pod, and the cluster, have ended', async () => {
  const manifests = await render(overlay, join(overlay, '../..'));
  const bank = manifests.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'bank')!;
  namespace = String(bank.metadata.namespace);
  await cluster.objects.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  const its = manifests.filter(({ kind, metadata }) => {
    return metadata.namespace === namespace && (metadata.name === 'bank' || kind === 'ConfigMap');
  });
  for (const object of its) await cluster.objects.create(object as never);
  await charge('first');
  await cluster.core.deleteCollectionNamespacedPod({ namespace });
  await charge('second');
  assert.deepEqual(references(), ['first', 'second']);

  await killed(cluster);
  cluster = await startClusterProcess(home);
  await charge('third');
  assert.deepEqual(references(), ['first', 'second', 'third']);
});

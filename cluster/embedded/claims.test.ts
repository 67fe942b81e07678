import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import type { PersistentVolume } from './kinds/types.ts';
import { newHome, removeHome, startClusterProcess, type ClusterProcess } from './testing/cluster-process.ts';
import { script } from './testing/manifests.ts';
import { until } from './testing/until.ts';

const namespace = 'default';

const data = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', namespace },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
};

/** Runs a piece of JavaScript that finds the claim at /data, to its end. */
async function run(cluster: ClusterProcess, name: string, code: string): Promise<void> {
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
  const volumeMounts = [{ name: 'data', mountPath: '/data' }];
  await cluster.objects.create(script(name, code, { volumeMounts }, { volumes, restartPolicy: 'Never' }));
  await until(`${name} has ended well`, async () => {
    const { status } = await cluster.core.readNamespacedPod({ name, namespace });
    assert.notEqual(status!.phase, 'Failed', `${name}: ${await cluster.logs(name).catch(String)}`);
    return status!.phase === 'Succeeded';
  });
}

test('a claim keeps its data over a restart of the cluster, and its folder goes with it', async (t) => {
  const home = newHome();
  t.after(() => removeHome(home));
  const first = await startClusterProcess(home);
  await first.objects.create(data);
  await run(first, 'writer', `require('node:fs').writeFileSync('/data/word', 'hello')`);
  first.process.kill('SIGTERM');
  await once(first.process, 'exit');

  const second = await startClusterProcess(home);
  t.after(() => second.process.kill('SIGKILL'));
  await run(
    second,
    'reader',
    `require('node:assert').equal(require('node:fs').readFileSync('/data/word', 'utf8'), 'hello')`,
  );
  const [volume] = (await second.core.listPersistentVolume()).items as unknown as PersistentVolume[];
  const folder = join(home, 'volumes', volume!.spec!.hostPath!.path);
  assert.equal(readFileSync(join(folder, 'word'), 'utf8'), 'hello');
  for (const name of ['writer', 'reader']) await second.core.deleteNamespacedPod({ name, namespace });
  await second.core.deleteNamespacedPersistentVolumeClaim({ name: 'data', namespace });
  await until('the volume is gone', async () => (await second.core.listPersistentVolume()).items.length === 0);
  assert.ok(!existsSync(folder));
  assert.deepEqual(readdirSync(join(home, 'volumes', 'persistent-volumes')), []);
});

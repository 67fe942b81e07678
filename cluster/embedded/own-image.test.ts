import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { KubernetesObject } from '@kubernetes/client-node';
import { parseAllDocuments } from 'yaml';
import { killed, newHome, removeHome, startClusterProcess } from './testing/cluster-process.ts';
import { until } from './testing/until.ts';

const example = fileURLToPath(new URL('../../examples/hello', import.meta.url));
const namespace = 'default';

test('the example of docs/own-images.md runs: a folder becomes an image, whose pods answer behind a Service', async (t) => {
  const home = newHome();
  // Programs that stand in manifests are not permitted: this one is there because its owner has put it there.
  const cluster = await startClusterProcess(home, false);
  t.after(async () => {
    await killed(cluster);
    removeHome(home);
  });
  symlinkSync(example, join(home, 'images', 'hello'));
  for (const document of parseAllDocuments(readFileSync(join(example, 'hello.yaml'), 'utf8'))) {
    const object = document.toJS() as KubernetesObject;
    await cluster.objects.create({ ...object, metadata: { ...object.metadata, namespace } });
  }
  await until('both pods are ready', async () => {
    const { status } = await cluster.apps.readNamespacedDeployment({ name: 'hello', namespace });
    return status?.readyReplicas === 2;
  });
  const { spec } = await cluster.core.readNamespacedService({ name: 'hello', namespace });
  const answers = new Set<string>();
  await until('each of them has answered', async () => {
    const answer = await fetch(`http://127.0.0.1:${spec!.ports![0]!.nodePort}/`, { headers: { connection: 'close' } });
    answers.add(await answer.text());
    return answers.size === 2;
  });
  for (const answer of answers) assert.match(answer, /^hello from hello-\w+-\w+\n$/);
});

test('a folder that its owner has not put there is no image, however it is named', async (t) => {
  const home = newHome();
  const cluster = await startClusterProcess(home, false);
  const elsewhere = mkdtempSync(join(tmpdir(), 'breakwater-elsewhere-'));
  t.after(async () => {
    await killed(cluster);
    removeHome(home);
    rmSync(elsewhere, { recursive: true });
  });
  const container = (image: string) => ({ name: 'main', image });
  const images = { hello: 'local/hello', climbs: 'local/../../hello', absolute: `local${elsewhere.toLowerCase()}` };
  for (const [name, image] of Object.entries(images)) {
    const metadata = { name, namespace };
    await cluster.objects.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata,
      spec: { containers: [container(image)] },
    } as KubernetesObject);
  }
  const reasonOf = (name: string) =>
    until(`${name} waits`, async () => {
      const { status } = await cluster.core.readNamespacedPod({ name, namespace });
      const state = status?.containerStatuses?.[0]?.state;
      assert.equal(state?.running ?? state?.terminated, undefined, 'it has run');
      return state?.waiting?.reason === 'ContainerCreating' ? null : state?.waiting?.reason;
    });
  assert.match((await reasonOf('hello'))!, /^(ErrImagePull|ImagePullBackOff)$/);
  assert.equal(await reasonOf('climbs'), 'InvalidImageName');
  assert.match((await reasonOf('absolute'))!, /^(ErrImagePull|ImagePullBackOff|InvalidImageName)$/);
});

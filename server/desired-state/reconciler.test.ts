import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { startApiServer, type ApiServer } from '../../cluster/embedded/apiserver/start.ts';
import { emptyNode } from '../../cluster/embedded/apiserver/testing/test-server.ts';
import type { Manifest } from '../../cluster/client/apply.ts';
import { Cluster } from '../../cluster/client/cluster.ts';
import { render } from '../../cluster/kustomize/render.ts';
import { Reconciler } from './reconciler.ts';

const shipped = join(import.meta.dirname, '../../cluster/shop/manifests');

let home: string;
let server: ApiServer;
let cluster: Cluster;
let reconciler: Reconciler;

/** The real API server, without controllers: what is there is what was applied. */
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'reconciler-'));
  server = await startApiServer({ home, nodeProxy: emptyNode });
  cluster = await Cluster.connect([server.kubeconfig], 'shop');
  reconciler = new Reconciler(
    cluster,
    () => 7,
    () => undefined,
  );
});
afterEach(async () => {
  reconciler.close();
  cluster.close();
  await server.close();
  rmSync(home, { recursive: true });
});

const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
const config = (name: string, data: Record<string, string>): Manifest =>
  ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'shop' }, data }) as Manifest;
const dataOf = async (name: string) => {
  return (await cluster.get<Manifest & { data?: object }>('v1', 'ConfigMap', name))?.data;
};

test('the shop as it is shipped is applied, and applying it again finds nothing that differs', async () => {
  const manifests = await render(join(shipped, 'overlays/embedded'), shipped);
  await reconciler.apply(manifests as Manifest[]);
  const versions = async () => {
    const deployments = await cluster.list<Manifest>('apps/v1', 'Deployment', { namespace: 'shop' });
    return deployments.map(({ metadata }) => (metadata as { resourceVersion?: string }).resourceVersion);
  };
  const before = await versions();
  assert.ok(before.length > 5);
  await reconciler.apply(manifests as Manifest[]);
  assert.deepEqual(await versions(), before);
  assert.deepEqual(reconciler.drifts, []);
});

test('what somebody else has changed is changed back, and told with its fields and by whom', async () => {
  const manifests = [namespace, config('prices', { tea: '1', coffee: '2' })];
  await reconciler.apply(manifests);
  const theirs = config('prices', { tea: '99', cake: '3' });
  await cluster.apply(theirs, { fieldManager: 'ada', force: true });
  await reconciler.apply(manifests, { changedOnly: true });
  assert.deepEqual(await dataOf('prices'), { tea: '99', coffee: '2', cake: '3' }, 'nothing was to be changed');

  await reconciler.apply(manifests);
  assert.deepEqual(await dataOf('prices'), { tea: '1', coffee: '2', cake: '3' }, 'a field of theirs alone stays');
  assert.deepEqual(reconciler.drifts, [{ object: 'ConfigMap/prices', fields: ['data.tea'], by: 'ada', at: 7 }]);

  await cluster.delete('v1', 'ConfigMap', 'prices');
  await reconciler.apply(manifests);
  assert.deepEqual(reconciler.drifts[0]?.fields, ['(deleted)']);
});

test('a field that the manifest has no more goes', async () => {
  await reconciler.apply([namespace, config('prices', { tea: '1', coffee: '2' })]);
  await reconciler.apply([namespace, config('prices', { tea: '1' })]);
  assert.deepEqual(await dataOf('prices'), { tea: '1' });
  assert.deepEqual(reconciler.drifts, []);
});

test('what was applied and is not wanted any more is deleted, of any kind, by a lab server that starts anew too', async () => {
  const lease = {
    ...{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' },
    ...{ metadata: { name: 'old', namespace: 'shop' }, spec: { leaseDurationSeconds: 5 } },
  } as Manifest;
  await reconciler.apply([namespace, config('ours', {}), config('old', {}), lease]);
  await cluster.create(config('theirs', {}));
  const restarted = new Reconciler(cluster, Date.now, () => undefined);
  await restarted.apply([namespace, config('ours', {})]);
  await restarted.prune([namespace, config('ours', {})]);
  assert.equal(await cluster.get('v1', 'ConfigMap', 'old'), null);
  assert.equal(await cluster.get(lease.apiVersion, lease.kind, 'old'), null);
  for (const kept of ['ours', 'theirs']) assert.ok(await cluster.get('v1', 'ConfigMap', kept), kept);
});

test('an object that somebody else has made under a name of ours is not deleted, and no namespace is', async () => {
  const extra = { ...namespace, metadata: { name: 'extra' } };
  await reconciler.apply([namespace, extra, config('old', {})]);
  await cluster.delete('v1', 'ConfigMap', 'old');
  await cluster.create(config('old', { of: 'ada' }));
  await reconciler.prune([namespace]);
  assert.deepEqual(await dataOf('old'), { of: 'ada' });
  assert.ok(await cluster.get('v1', 'Namespace', 'extra'));
});

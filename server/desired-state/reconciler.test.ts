import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
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

test('what somebody else writes beside it, while it is looked at, is no drift', async (t) => {
  const wanted = [namespace, config('prices', { tea: '1' })];
  await reconciler.apply(wanted);
  const get = cluster.get.bind(cluster);
  let written = false;
  t.mock.method(cluster, 'get', async (...args: Parameters<typeof get>) => {
    const live = await get(...args);
    if (args[2] === 'prices' && !written) {
      written = true;
      await cluster.apply(config('prices', { coffee: '2' }), { fieldManager: 'ada', force: false });
    }
    return live;
  });
  await reconciler.apply([wanted[1]!]);
  assert.deepEqual(reconciler.drifts, []);
  assert.deepEqual(await dataOf('prices'), { tea: '1', coffee: '2' });
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
  assert.deepEqual(reconciler.drifts, [
    { id: 'drift-1', object: 'ConfigMap/prices', fields: ['data.tea'], by: 'ada', at: 7 },
  ]);

  await cluster.delete('v1', 'ConfigMap', 'prices');
  await reconciler.apply(manifests);
  assert.deepEqual(reconciler.drifts[0]?.fields, ['(deleted)']);
});

test('what somebody else changes or deletes is known at once, whatever its kind, and brought back alone', async (t) => {
  cluster.start();
  const applying = t.mock.method(cluster, 'applyAll');
  const named = (apiVersion: string, kind: string, name: string, more: object): Manifest => {
    return { apiVersion, kind, metadata: { name, namespace: 'shop' }, ...more } as Manifest;
  };
  const labels = { app: 'till' };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'till', image: 'node' }] } };
  const prices = config('prices', { tea: '1' });
  const secret = named('v1', 'Secret', 'key', { data: { key: 'YQ==' } });
  const service = named('v1', 'Service', 'till', { spec: { selector: labels, ports: [{ port: 80 }] } });
  const lease = named('coordination.k8s.io/v1', 'Lease', 'till', { spec: { leaseDurationSeconds: 5 } });
  const deployment = named('apps/v1', 'Deployment', 'till', { spec: { selector: { matchLabels: labels }, template } });
  const elsewhere = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'elsewhere', labels: { of: 'us' } } };
  const all = [namespace, elsewhere, prices, secret, service, lease, deployment];
  await reconciler.apply(all);

  async function isBroughtBack(object: Manifest, harm: Promise<unknown>): Promise<string[]> {
    const before = reconciler.drifts.length;
    applying.mock.resetCalls();
    await harm;
    while (!reconciler.touched) await setImmediate();
    await reconciler.apply(all, { changedOnly: true });
    assert.deepEqual(
      applying.mock.calls.flatMap((call) => call.arguments[0]),
      [object],
      'the others are left alone',
    );
    assert.equal(reconciler.touched, false);
    assert.equal(reconciler.drifts.length, before + 1);
    return reconciler.drifts[0]!.fields;
  }
  for (const [object, patch, field] of [
    [prices, { data: { tea: '9' } }, 'data.tea'],
    [secret, { data: { key: 'Yg==' } }, 'data.key'],
    [service, { spec: { selector: { app: 'bank' } } }, 'spec.selector.app'],
    [lease, { spec: { leaseDurationSeconds: 6 } }, 'spec.leaseDurationSeconds'],
    [
      deployment,
      { metadata: { labels: { 'app.kubernetes.io/managed-by': 'ada' } } },
      'metadata.labels.app.kubernetes.io/managed-by',
    ],
    [elsewhere, { metadata: { labels: { of: 'ada' } } }, 'metadata.labels.of'],
  ] as const) {
    assert.deepEqual(await isBroughtBack(object, cluster.patch(object, patch)), [field], object.kind);
  }
  for (const object of [prices, secret, service, lease, deployment]) {
    const { apiVersion, kind, metadata } = object;
    assert.deepEqual(await isBroughtBack(object, cluster.delete(apiVersion, kind, metadata.name)), ['(deleted)'], kind);
  }
});

test('all is settled when the workloads are, whatever their kind', async () => {
  const labels = { app: 'some' };
  const podSpec = { containers: [{ name: 'main', image: 'node' }] };
  const template = { metadata: { labels }, spec: podSpec };
  const workload = (apiVersion: string, kind: string, spec: object) =>
    ({ apiVersion, kind, metadata: { name: 'some', namespace: 'shop' }, spec }) as Manifest;
  const selector = { matchLabels: labels };
  await reconciler.apply([
    namespace,
    workload('apps/v1', 'StatefulSet', { replicas: 1, serviceName: 'some', selector, template }),
    workload('apps/v1', 'DaemonSet', { selector, template }),
    workload('batch/v1', 'Job', { template: { spec: { ...podSpec, restartPolicy: 'Never' } } }),
  ]);
  // No controller acts here: what it would say is said for it, one after the other.
  const statuses = {
    StatefulSet: { replicas: 1, readyReplicas: 1, currentRevision: 'a', updateRevision: 'a' },
    DaemonSet: { desiredNumberScheduled: 1, updatedNumberScheduled: 1, numberAvailable: 1 },
    Job: { conditions: [{ type: 'Complete', status: 'True' }] },
  };
  for (const [kind, status] of Object.entries(statuses)) {
    await setImmediate();
    assert.equal(reconciler.settled, false, `before the ${kind}`);
    const said = { observedGeneration: 1, ...status } as object;
    await server.api.patch(kind as 'StatefulSet', 'some', 'shop', { status: said }, 'status');
  }
  while (!reconciler.settled) await setImmediate();
});

test('a Secret with values made at random gets the same ones back', async () => {
  const roles: Manifest & { data?: Record<string, string> } = {
    ...{ apiVersion: 'v1', kind: 'Secret' },
    metadata: { name: 'roles', namespace: 'shop', annotations: { 'breakwater.dev/generate': 'orders' } },
  };
  const stored = async () => (await cluster.get<typeof roles>('v1', 'Secret', 'roles'))?.data?.['orders'];
  await reconciler.apply([namespace, roles]);
  const made = await stored();
  assert.ok(made);
  await cluster.patch(roles, { data: { orders: 'c3RvbGVu' } });
  await reconciler.apply([namespace, roles]);
  assert.equal(await stored(), made);
  await cluster.delete('v1', 'Secret', 'roles');
  await reconciler.apply([namespace, roles]);
  assert.equal(await stored(), made);
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

test('an object that is written otherwise is the same one, and is not pruned', async () => {
  const bare = config('prices', { tea: '1' });
  const { namespace: _own, ...metadata } = bare.metadata;
  await reconciler.apply([namespace, { ...bare, metadata } as Manifest]);
  await reconciler.apply([namespace, bare]);
  await reconciler.prune([namespace, bare]);
  assert.deepEqual(await dataOf('prices'), { tea: '1' });
  await reconciler.prune([namespace]);
  assert.equal(await cluster.get('v1', 'ConfigMap', 'prices'), null);
});

test('a kind that the cluster does not serve keeps nothing else from being deleted', async () => {
  const till = { apiVersion: 'shops.example/v1', kind: 'Till', metadata: { name: 'till', namespace: 'shop' } };
  await assert.rejects(reconciler.apply([namespace, config('old', {}), till]), { code: 'unknown-kind' });
  await reconciler.apply([namespace]);
  await reconciler.prune([namespace]);
  assert.equal(await cluster.get('v1', 'ConfigMap', 'old'), null);
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

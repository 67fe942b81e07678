import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Api } from '../../apiserver/api.ts';
import type { Pod, ReplicaSet } from '../../kinds/types.ts';
import { controllerReference } from '../../reconcile/owner.ts';
import { reconcileReplicaSet, startReplicaSetController } from './replica-set-controller.ts';
import {
  emptyCluster,
  podTemplate,
  revision,
  run,
  testContext,
  webDeployment,
} from '../../testing/controller-fixture.ts';
import { until } from '../../testing/until.ts';

const key = 'shop/web-1';

async function withReplicaSet(replicas: number, spec: object = {}) {
  const api = await emptyCluster();
  const selector = { matchLabels: { app: 'web' } };
  await api.create('ReplicaSet', {
    metadata: { name: 'web-1', namespace: 'shop' },
    spec: { replicas, selector, template: podTemplate(), ...spec },
  } as ReplicaSet);
  const context = testContext(api);
  return { api, context, events: context.events, reconcile: () => reconcileReplicaSet(context, key) };
}

const pods = async (api: Api): Promise<Pod[]> => (await api.list('Pod')).items;

test('a ReplicaSet makes the pods it lacks and says so', async () => {
  const { api, events, reconcile } = await withReplicaSet(2);
  await reconcile();
  const made = await pods(api);
  assert.equal(made.length, 2);
  assert.equal(made[0]!.metadata.ownerReferences![0]!.name, 'web-1');
  assert.deepEqual(
    events.noted.sort(),
    made.map(({ metadata }) => `SuccessfulCreate: Created pod: ${metadata.name}`).sort(),
  );
  assert.equal((await api.get('ReplicaSet', 'web-1', 'shop')).status?.replicas, 2);
});

test('with nothing to do it writes nothing', async () => {
  const { api, reconcile } = await withReplicaSet(2);
  await reconcile();
  const before = await revision(api);
  await reconcile();
  assert.equal(await revision(api), before);
});

test('pods that cannot be made are told of in an event and the status, as long as there are any', async () => {
  const { api, events, reconcile } = await withReplicaSet(2);
  const status = async () => (await api.get('ReplicaSet', 'web-1', 'shop')).status!;
  // A namespace that is ending takes nothing new.
  await api.delete('Namespace', 'shop', undefined, {});
  await assert.rejects(reconcile(), { code: 'Forbidden' });
  const [failure] = (await status()).conditions!;
  assert.deepEqual([failure!.type, failure!.status, failure!.reason], ['ReplicaFailure', 'True', 'FailedCreate']);
  assert.match(failure!.message!, /being terminated/);
  assert.equal((await status()).observedGeneration, 1);
  assert.match(events.noted[0]!, /^FailedCreate: Error creating: /);
  const before = await revision(api);
  await assert.rejects(reconcile(), { code: 'Forbidden' });
  assert.equal(await revision(api), before);
  await api.patch('ReplicaSet', 'web-1', 'shop', { spec: { replicas: 0 } });
  await reconcile();
  assert.equal((await status()).conditions, undefined);
});

test('it gives up the pods that are of least use first', async () => {
  const { api, reconcile } = await withReplicaSet(3);
  await reconcile();
  for (const [i, pod] of (await pods(api)).entries()) {
    await api.bind(pod.metadata.name, 'shop', 'node-1');
    await run(api, pod, i === 1);
  }
  const useful = (await pods(api))[1]!.metadata.name;
  await api.patch('ReplicaSet', 'web-1', 'shop', { spec: { replicas: 1 } });
  await reconcile();
  const kept = (await pods(api)).filter(({ metadata }) => !metadata.deletionTimestamp);
  assert.deepEqual(
    kept.map(({ metadata }) => metadata.name),
    [useful],
  );
});

test('the pods of its siblings count when it chooses the node that keeps its pod', async () => {
  const { api, reconcile } = await withReplicaSet(2);
  const ownerReferences = [controllerReference(await api.create('Deployment', webDeployment()))];
  await api.patch('ReplicaSet', 'web-1', 'shop', { metadata: { ownerReferences } });
  const { spec } = await api.get('ReplicaSet', 'web-1', 'shop');
  const sibling = await api.create('ReplicaSet', {
    metadata: { name: 'web-2', namespace: 'shop', ownerReferences },
    spec: { ...spec!, replicas: 1 },
  });
  const owner = controllerReference(sibling);
  const { metadata, spec: podSpec } = podTemplate();
  await api.create('Pod', {
    metadata: { ...metadata, name: 'sibling', namespace: 'shop', ownerReferences: [owner] },
    spec: podSpec,
  } as Pod);
  await reconcile();
  const [shared, alone] = (await pods(api)).filter(({ metadata }) => metadata.name !== 'sibling');
  for (const [pod, node] of [
    ['sibling', 'node-1'],
    [shared!.metadata.name, 'node-1'],
    [alone!.metadata.name, 'node-2'],
  ] as const) {
    await api.bind(pod, 'shop', node);
    await run(api, await api.get('Pod', pod, 'shop'), true);
  }
  // By itself that would make it the one to go.
  const containerStatuses = [{ name: 'web', image: 'a', imageID: 'a', ready: true, restartCount: 9 }];
  await api.patch('Pod', alone!.metadata.name, 'shop', { status: { containerStatuses } }, 'status');
  await api.patch('ReplicaSet', 'web-1', 'shop', { spec: { replicas: 1 } });
  await reconcile();
  const ending = (await pods(api)).filter(({ metadata }) => metadata.deletionTimestamp);
  assert.deepEqual(
    ending.map(({ metadata }) => metadata.name),
    [shared!.metadata.name],
  );
});

test('a pod that is ending or has ended is replaced', async () => {
  const { api, reconcile } = await withReplicaSet(2);
  await reconcile();
  const [first, second] = await pods(api);
  await api.bind(first!.metadata.name, 'shop', 'node-1');
  await api.delete('Pod', first!.metadata.name, 'shop');
  await api.updateStatus('Pod', { ...second!, status: { phase: 'Failed' } });
  await reconcile();
  assert.equal((await pods(api)).length, 4);
});

test('a pod counts as available after minReadySeconds, and the ReplicaSet looks again then', async () => {
  const { api, reconcile } = await withReplicaSet(1, { minReadySeconds: 30 });
  await reconcile();
  await run(api, (await pods(api))[0]!, true);
  const again = await reconcile();
  assert.ok(again! > 25_000 && again! <= 30_000, `again in ${again} ms`);
  const { status } = await api.get('ReplicaSet', 'web-1', 'shop');
  assert.deepEqual([status?.readyReplicas, status?.availableReplicas], [1, 0]);
});

test('a pod that nobody controls and its selector matches is adopted', async () => {
  const { api, reconcile } = await withReplicaSet(2);
  const { metadata, spec } = podTemplate();
  await api.create('Pod', { metadata: { ...metadata, name: 'orphan', namespace: 'shop' }, spec } as Pod);
  await reconcile();
  assert.equal((await pods(api)).length, 2);
  const orphan = await api.get('Pod', 'orphan', 'shop');
  assert.deepEqual(
    orphan.metadata.ownerReferences?.map(({ name, controller }) => [name, controller]),
    [['web-1', true]],
  );
});

test('a pod whose labels no longer match is released and replaced, through the watch', async (t) => {
  const { api } = await withReplicaSet(1);
  const controller = startReplicaSetController({ api });
  t.after(() => controller.close());
  const made = async () => (await pods(api)).filter(({ metadata }) => metadata.ownerReferences);
  const [first] = await until('its pod', async () => ((await made()).length === 1 ? made() : null));
  await api.patch('Pod', first!.metadata.name, 'shop', { metadata: { labels: { app: 'debug' } } });
  const [second] = await until('another one alone', async () => {
    const now = await made();
    return now.length === 1 && now[0]!.metadata.uid !== first!.metadata.uid && now;
  });
  assert.equal(second!.metadata.labels!['app'], 'web');
  assert.equal((await api.get('Pod', first!.metadata.name, 'shop')).metadata.deletionTimestamp, undefined);
});

test('a ReplicaSet that is being deleted adopts nothing', async () => {
  const { api, reconcile } = await withReplicaSet(0);
  await api.delete('ReplicaSet', 'web-1', 'shop', { propagationPolicy: 'Orphan' });
  const { metadata, spec } = podTemplate();
  await api.create('Pod', { metadata: { ...metadata, name: 'orphan', namespace: 'shop' }, spec } as Pod);
  await reconcile();
  assert.equal((await api.get('Pod', 'orphan', 'shop')).metadata.ownerReferences, undefined);
});

test('a pod of another controller is left alone', async () => {
  const { api, reconcile } = await withReplicaSet(0);
  const { metadata, spec } = podTemplate();
  const ownerReferences = [{ apiVersion: 'batch/v1', kind: 'Job', name: 'a', uid: 'b', controller: true }];
  await api.create('Pod', {
    metadata: { ...metadata, name: 'other', namespace: 'shop', ownerReferences },
    spec,
  } as Pod);
  await reconcile();
  assert.deepEqual((await api.get('Pod', 'other', 'shop')).metadata.ownerReferences, ownerReferences);
});

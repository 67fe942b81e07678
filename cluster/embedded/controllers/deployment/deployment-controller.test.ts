import assert from 'node:assert/strict';
import { test } from 'node:test';
import { controllerReference } from '../../reconcile/owner.ts';
import { revision, testContext, webDeployment } from '../../testing/controller-fixture.ts';
import { until } from '../../testing/until.ts';
import { reconcileReplicaSet, startReplicaSetController } from '../replica-set/replica-set-controller.ts';
import { startDeploymentController } from './deployment-controller.ts';
import { condition, newImage, replicaSets, sizes, web, withDeployment } from './testing/with-deployment.ts';

test('a Deployment makes one ReplicaSet, marked with the hash of its template and revision 1', async () => {
  const { api, events, reconcile } = await withDeployment();
  await reconcile();
  const [replicaSet, ...others] = await replicaSets(api);
  assert.equal(others.length, 0);
  const hash = replicaSet!.metadata.labels!['pod-template-hash'];
  assert.equal(replicaSet!.metadata.name, `web-${hash}`);
  assert.equal(replicaSet!.spec!.selector.matchLabels!['pod-template-hash'], hash);
  assert.equal((await web(api)).metadata.annotations!['deployment.kubernetes.io/revision'], '1');
  assert.deepEqual(events.noted, [`ScalingReplicaSet: Scaled up replica set web-${hash} from 0 to 3`]);
});

test('with nothing to do it writes nothing', async () => {
  const { api, reconcile, rollout } = await withDeployment();
  await rollout();
  const before = await revision(api);
  await reconcile();
  assert.equal(await revision(api), before);
});

test('its status ends as kubectl rollout status wants it', async () => {
  const { api, rollout } = await withDeployment();
  await rollout();
  const { status, metadata } = await web(api);
  assert.equal(status?.observedGeneration, metadata.generation);
  const { replicas, updatedReplicas, availableReplicas } = status!;
  assert.deepEqual(
    { replicas, updatedReplicas, availableReplicas },
    { replicas: 3, updatedReplicas: 3, availableReplicas: 3 },
  );
  assert.equal((await condition(api, 'Progressing'))?.reason, 'NewReplicaSetAvailable');
  assert.equal((await condition(api, 'Available'))?.status, 'True');
});

test('a rolling update adds one pod, and takes an old one only when the new one is available', async () => {
  const { api, reconcile, settle, rollout } = await withDeployment({
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
  });
  await rollout();
  await api.patch('Deployment', 'web', 'shop', newImage('v2'));
  await reconcile();
  await settle(false);
  await reconcile();
  assert.deepEqual(await sizes(api), [1, 3]);
  await settle();
  await reconcile();
  assert.deepEqual(await sizes(api), [1, 2]);
  await rollout();
  assert.deepEqual(await sizes(api), [0, 3]);
});

test('Recreate waits until the last old pod is gone', async () => {
  const { api, reconcile, settle, rollout } = await withDeployment({ strategy: { type: 'Recreate' } });
  await rollout();
  for (const pod of (await api.list('Pod')).items) await api.bind(pod.metadata.name, 'shop', 'node-1');
  await api.patch('Deployment', 'web', 'shop', newImage('v2'));
  await reconcile();
  for (const { metadata } of await replicaSets(api))
    await reconcileReplicaSet(testContext(api), `shop/${metadata.name}`);
  await reconcile();
  assert.equal((await replicaSets(api)).length, 1, 'old pods are still ending');
  await settle();
  await reconcile();
  assert.equal((await replicaSets(api)).length, 2);
});

test('Recreate does not wait for an old pod that ended by itself', async () => {
  const { api, reconcile, settle, rollout } = await withDeployment({ strategy: { type: 'Recreate' } });
  await rollout();
  const [first] = (await api.list('Pod')).items;
  await api.updateStatus('Pod', { ...first!, status: { phase: 'Failed' } });
  await api.patch('Deployment', 'web', 'shop', newImage('v2'));
  await reconcile();
  await settle(false);
  await reconcile();
  assert.deepEqual(await sizes(api), [0, 3]);
});

test('the end of the last old pod is what a Recreate goes on with', async (t) => {
  const { api } = await withDeployment({ replicas: 1, strategy: { type: 'Recreate' } });
  for (const start of [startDeploymentController, startReplicaSetController]) {
    const running = start({ api });
    t.after(() => running.close());
  }
  const pod = await until('its pod', async () => (await api.list('Pod')).items[0]);
  await api.bind(pod.metadata.name, 'shop', 'node-1');
  await api.patch('Deployment', 'web', 'shop', newImage('v2'));
  // From here on nothing changes by itself: the pod is ending, and everybody knows.
  await until('no pod counts', async () => (await web(api)).status?.replicas === 0);
  assert.equal((await replicaSets(api)).length, 1);
  await api.delete('Pod', pod.metadata.name, 'shop', { gracePeriodSeconds: 0 });
  await until('the new ReplicaSet', async () => (await replicaSets(api)).length === 2, 10);
});

test('a Deployment adopts the ReplicaSets that a namesake has left behind', async () => {
  const { api, reconcile, rollout } = await withDeployment();
  await rollout();
  const [orphan] = await replicaSets(api);
  await api.patch('ReplicaSet', orphan!.metadata.name, 'shop', { metadata: { ownerReferences: [] } });
  await api.delete('Deployment', 'web', 'shop');
  const again = await api.create('Deployment', webDeployment());
  await reconcile();
  const [adopted, ...others] = await replicaSets(api);
  assert.equal(others.length, 0);
  assert.equal(adopted!.metadata.uid, orphan!.metadata.uid);
  assert.deepEqual(adopted!.metadata.ownerReferences, [controllerReference(again)]);
});

test('going back to an earlier template takes its ReplicaSet again, as the newest revision', async () => {
  const { api, rollout } = await withDeployment();
  await rollout();
  const [first] = await replicaSets(api);
  await api.patch('Deployment', 'web', 'shop', newImage('v2'));
  await rollout();
  await api.patch('Deployment', 'web', 'shop', newImage('v1'));
  await rollout();
  const all = await replicaSets(api);
  assert.equal(all.length, 2);
  const again = all.find(({ metadata }) => metadata.name === first!.metadata.name)!;
  assert.equal(again.metadata.annotations!['deployment.kubernetes.io/revision'], '3');
  assert.equal(again.spec!.replicas, 3);
});

test('revisionHistoryLimit bounds the old ReplicaSets', async () => {
  const { api, rollout } = await withDeployment({ revisionHistoryLimit: 1 });
  for (const version of ['v1', 'v2', 'v3', 'v4']) {
    await api.patch('Deployment', 'web', 'shop', newImage(version));
    await rollout();
  }
  const revisions = (await replicaSets(api)).map(
    ({ metadata }) => metadata.annotations!['deployment.kubernetes.io/revision'],
  );
  assert.deepEqual(revisions.sort(), ['3', '4']);
});

test('a paused Deployment keeps its pods as they are', async () => {
  const { api, rollout } = await withDeployment();
  await rollout();
  await api.patch('Deployment', 'web', 'shop', { spec: { paused: true, ...newImage('v2').spec } });
  await rollout();
  assert.equal((await replicaSets(api)).length, 1);
  assert.equal((await condition(api, 'Progressing'))?.reason, 'DeploymentPaused');
});

test('a paused Deployment is scaled all the same, whatever its template says by now', async () => {
  const { api, rollout } = await withDeployment();
  await rollout();
  await api.patch('Deployment', 'web', 'shop', { spec: { paused: true, replicas: 5, ...newImage('v2').spec } });
  await rollout();
  assert.deepEqual(await sizes(api), [5]);
});

test('a rollout paused midway stays where it is', async () => {
  const { api, reconcile, settle, rollout } = await withDeployment();
  await rollout();
  await api.patch('Deployment', 'web', 'shop', newImage('v2'));
  await reconcile();
  await settle(false);
  assert.deepEqual(await sizes(api), [1, 3]);
  await api.patch('Deployment', 'web', 'shop', { spec: { paused: true } });
  await rollout();
  assert.deepEqual(await sizes(api), [1, 3]);
  await api.patch('Deployment', 'web', 'shop', { spec: { paused: false } });
  await rollout();
  assert.deepEqual(await sizes(api), [0, 3]);
});

test('scaled midway through a rollout, every ReplicaSet keeps its part, and the rollout goes on', async () => {
  const { api, reconcile, settle, rollout } = await withDeployment({
    replicas: 10,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } },
  });
  await rollout();
  await api.patch('Deployment', 'web', 'shop', newImage('v2'));
  for (let i = 0; i < 5; i++) {
    await reconcile();
    await settle(false);
  }
  assert.deepEqual(await sizes(api), [5, 8]);
  await api.patch('Deployment', 'web', 'shop', { spec: { replicas: 15 } });
  await reconcile();
  assert.deepEqual(await sizes(api), [7, 11]);
  await rollout();
  assert.deepEqual(await sizes(api), [0, 15]);
});

test('what changes beside the template reaches the ReplicaSet there is', async () => {
  const { api, rollout, reconcile } = await withDeployment();
  await rollout();
  const annotations = { 'kubernetes.io/change-cause': 'a good reason' };
  await api.patch('Deployment', 'web', 'shop', { metadata: { annotations }, spec: { minReadySeconds: 7 } });
  await reconcile();
  const [replicaSet, ...others] = await replicaSets(api);
  assert.equal(others.length, 0);
  assert.equal(replicaSet!.metadata.annotations!['kubernetes.io/change-cause'], 'a good reason');
  assert.equal(replicaSet!.spec!.minReadySeconds, 7);
});

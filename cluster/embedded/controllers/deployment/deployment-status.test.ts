import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from '../../testing/controller-fixture.ts';
import { reconcileReplicaSet } from '../replica-set/replica-set-controller.ts';
import { condition, newImage, replicaSets, web, withDeployment } from './testing/with-deployment.ts';

test('a rollout that makes no progress within its deadline says so', async () => {
  const { api, context, reconcile } = await withDeployment({ progressDeadlineSeconds: 10 });
  await reconcile();
  const again = await reconcile();
  assert.ok(again! > 8_000 && again! <= 10_100, `again in ${again} ms`);
  context.pass(11);
  await reconcile();
  const { status, reason } = (await condition(api, 'Progressing'))!;
  assert.deepEqual([status, reason], ['False', 'ProgressDeadlineExceeded']);
});

test('pods that crash after a finished rollout are no rollout, however long they stay so', async () => {
  const { api, context, reconcile, rollout } = await withDeployment();
  await rollout();
  const before = await condition(api, 'Progressing');
  const settleWith = async (ready: boolean[]) => {
    for (const [i, pod] of (await api.list('Pod')).items.entries()) await run(api, pod, ready[i]!);
    for (const { metadata } of await replicaSets(api)) await reconcileReplicaSet(context, `shop/${metadata.name}`);
    await reconcile();
  };
  await settleWith([false, false, true]);
  await settleWith([true, false, true]);
  context.pass(3600);
  assert.equal(await reconcile(), undefined);
  assert.deepEqual(await condition(api, 'Progressing'), before);
  assert.equal((await web(api)).status!.availableReplicas, 2);
});

test('more replicas after a finished rollout are no rollout either', async () => {
  const { api, context, reconcile, rollout } = await withDeployment();
  await rollout();
  await api.patch('Deployment', 'web', 'shop', { spec: { replicas: 5 } });
  await reconcile();
  context.pass(3600);
  await reconcile();
  assert.equal((await condition(api, 'Progressing'))?.reason, 'NewReplicaSetAvailable');
});

test('a new template is a rollout also without replicas, and names its ReplicaSet', async () => {
  const { api, reconcile, rollout } = await withDeployment({ replicas: 0 });
  await rollout();
  const before = await condition(api, 'Progressing');
  await api.patch('Deployment', 'web', 'shop', newImage('v2'));
  await reconcile();
  const after = await condition(api, 'Progressing');
  assert.equal(after?.reason, 'NewReplicaSetAvailable');
  assert.notEqual(after?.message, before?.message);
});

test('conditions of others stay as they are', async () => {
  const { api, reconcile, rollout } = await withDeployment();
  await rollout();
  const foreign = { type: 'Canary', status: 'True', reason: 'Watched', lastTransitionTime: '2026-01-01T00:00:00Z' };
  const { status, ...deployment } = await web(api);
  const conditions = [foreign, ...status!.conditions!];
  await api.updateStatus('Deployment', { ...deployment, status: { ...status, conditions } });
  await api.patch('Deployment', 'web', 'shop', newImage('v2'));
  await reconcile();
  await rollout();
  assert.deepEqual(await condition(api, 'Canary'), foreign);
});

test('what keeps a ReplicaSet from making pods stands in the Deployment too, until it is over', async () => {
  const { api, reconcile } = await withDeployment();
  await reconcile();
  const [replicaSet] = await replicaSets(api);
  const failure = { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: 'no' };
  const noted = { ...failure, lastTransitionTime: '2026-01-01T00:00:00Z' };
  const { name } = replicaSet!.metadata;
  await api.patch('ReplicaSet', name, 'shop', { status: { conditions: [noted] } }, 'status');
  await reconcile();
  assert.deepEqual(await condition(api, 'ReplicaFailure'), { ...noted, lastUpdateTime: noted.lastTransitionTime });
  await api.patch('ReplicaSet', name, 'shop', { status: { conditions: null } } as object, 'status');
  await reconcile();
  assert.equal(await condition(api, 'ReplicaFailure'), undefined);
});

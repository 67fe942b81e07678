import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Api } from '../../apiserver/api.ts';
import type { Pod, PodDisruptionBudget } from '../../kinds/types.ts';
import { controllerReference } from '../../reconcile/owner.ts';
import {
  emptyCluster,
  podTemplate,
  revision,
  run,
  testContext,
  webDeployment,
} from '../../testing/controller-fixture.ts';
import { reconcileBudget } from './disruption-controller.ts';

interface Pods {
  pods?: number;
  ready?: number;
  replicas?: number;
}

/** A budget over so many pods of a Deployment that wants `replicas`; the first `ready` of them are ready. */
async function withBudget(spec: object, { pods = 3, ready = pods, replicas = 3 }: Pods = {}) {
  const api = await emptyCluster();
  const deployment = await api.create('Deployment', webDeployment({ replicas }));
  for (let index = 0; index < pods; index++) {
    const { metadata, spec: podSpec } = podTemplate();
    const ownerReferences = [controllerReference(deployment)];
    const name = `web-${index}`;
    const pod = { metadata: { ...metadata, name, namespace: 'shop', ownerReferences }, spec: podSpec } as Pod;
    await run(api, await api.create('Pod', pod), index < ready);
  }
  const budget = { metadata: { name: 'web', namespace: 'shop' }, spec: { selector: { matchLabels: { app: 'web' } } } };
  await api.create('PodDisruptionBudget', { ...budget, spec: { ...budget.spec, ...spec } } as PodDisruptionBudget);
  return api;
}

const statusOf = async (api: Api) => (await api.get('PodDisruptionBudget', 'web', 'shop')).status!;
async function numbers(spec: object, pods?: Pods) {
  const api = await withBudget(spec, pods);
  await reconcileBudget(testContext(api), 'shop/web');
  const { expectedPods, desiredHealthy, currentHealthy, disruptionsAllowed } = await statusOf(api);
  return [expectedPods, desiredHealthy, currentHealthy, disruptionsAllowed];
}

test('what may go: healthy pods beyond those that have to stay', async () => {
  assert.deepEqual(await numbers({ minAvailable: 2 }), [3, 2, 3, 1]);
  assert.deepEqual(await numbers({ minAvailable: 2 }, { ready: 2 }), [3, 2, 2, 0]);
  assert.deepEqual(await numbers({ minAvailable: 5 }), [3, 5, 3, 0]);
  assert.deepEqual(await numbers({ maxUnavailable: 1 }), [3, 2, 3, 1]);
  assert.deepEqual(await numbers({ maxUnavailable: 1 }, { pods: 2 }), [3, 2, 2, 0]);
});

test('shares are of what the controllers want, rounded up', async () => {
  assert.deepEqual(await numbers({ minAvailable: '50%' }), [3, 2, 3, 1]);
  assert.deepEqual(await numbers({ maxUnavailable: '50%' }), [3, 1, 3, 2]);
  assert.deepEqual(await numbers({ minAvailable: '100%' }), [3, 3, 3, 0]);
});

test('without pods nothing may go', async () => {
  assert.deepEqual(await numbers({ minAvailable: 0 }, { pods: 0 }), [0, 0, 0, 0]);
});

test('its condition says whether something may go, and a second look changes nothing', async () => {
  const api = await withBudget({ minAvailable: 3 });
  const context = testContext(api);
  await reconcileBudget(context, 'shop/web');
  const { conditions, observedGeneration } = await statusOf(api);
  assert.deepEqual(
    conditions!.map(({ type, status, reason }) => [type, status, reason]),
    [['DisruptionAllowed', 'False', 'InsufficientPods']],
  );
  assert.equal(observedGeneration, 1);
  const before = await revision(api);
  context.pass(10);
  assert.equal(await reconcileBudget(context, 'shop/web'), undefined);
  assert.equal(await revision(api), before);
});

test('an eviction let through counts until its pod goes, for two minutes at most', async () => {
  const api = await withBudget({ minAvailable: 2 });
  const context = testContext(api, Math.floor(Date.now() / 1000) * 1000);
  const disruptedPods = { 'web-0': new Date(context.now()).toISOString().replace('.000', '') };
  const budget = await api.get('PodDisruptionBudget', 'web', 'shop');
  await api.updateStatus('PodDisruptionBudget', {
    ...budget,
    status: { ...budget.status, disruptedPods },
  } as unknown as PodDisruptionBudget);
  assert.equal(await reconcileBudget(context, 'shop/web'), 120_000);
  assert.equal((await statusOf(api)).disruptionsAllowed, 0);
  context.pass(121);
  await reconcileBudget(context, 'shop/web');
  assert.equal((await statusOf(api)).disruptionsAllowed, 1);
  assert.equal((await statusOf(api)).disruptedPods, undefined);
});

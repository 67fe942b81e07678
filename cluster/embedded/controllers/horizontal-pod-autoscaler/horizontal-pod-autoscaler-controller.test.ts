import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Api } from '../../apiserver/api.ts';
import type { ExternalMetric, HorizontalPodAutoscaler, Pod } from '../../kinds/types.ts';
import {
  emptyCluster,
  podTemplate,
  revision,
  run,
  testContext,
  webDeployment,
} from '../../testing/controller-fixture.ts';
import { reconcileAutoscaler } from './horizontal-pod-autoscaler-controller.ts';

/** A Deployment with two ready pods that ask for 100m each and use so many thousandths of a CPU. */
async function autoscaled(uses: number, spec: object = {}) {
  const api = await emptyCluster();
  await api.create('Deployment', webDeployment({ replicas: 2 }));
  for (const name of ['web-0', 'web-1']) {
    const { metadata, spec: podSpec } = podTemplate();
    const containers = podSpec.containers.map((one) => ({ ...one, resources: { requests: { cpu: '100m' } } }));
    const pod = { metadata: { ...metadata, name, namespace: 'shop' }, spec: { ...podSpec, containers } } as Pod;
    await run(api, await api.create('Pod', pod), true);
    const startTime = new Date(Date.now() - 3_600_000).toISOString();
    await api.patch('Pod', name, 'shop', { status: { startTime } }, 'status');
  }
  const target = { type: 'Utilization', averageUtilization: 50 };
  const metrics = [{ type: 'Resource', resource: { name: 'cpu', target } }];
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
  await api.create('HorizontalPodAutoscaler', {
    metadata: { name: 'web', namespace: 'shop' },
    spec: { scaleTargetRef, maxReplicas: 5, metrics, ...spec },
  } as HorizontalPodAutoscaler);
  const clock = testContext(api);
  const state = { uses };
  const context = {
    ...clock,
    histories: new Map(),
    podUsage: () => ({
      ...{ at: clock.now(), windowMs: 10_000 },
      containers: [{ name: 'web', cpuNanoCores: state.uses * 1e6, workingSetBytes: 1024 }],
    }),
  };
  return { api, context, state, pass: clock.pass, look: () => reconcileAutoscaler(context, 'shop/web') };
}

const replicas = async (api: Api) => (await api.get('Deployment', 'web', 'shop')).spec!.replicas;
const statusOf = async (api: Api) => (await api.get('HorizontalPodAutoscaler', 'web', 'shop')).status!;
const conditions = async (api: Api) =>
  Object.fromEntries(
    (await statusOf(api)).conditions!.map(({ type, status, reason }) => [type, `${status} ${reason}`]),
  );

test('at its target it changes nothing, and a second look writes nothing', async () => {
  const { api, look, pass } = await autoscaled(50);
  assert.equal(await look(), 15_000);
  assert.equal(await replicas(api), 2);
  const { currentMetrics } = await statusOf(api);
  assert.deepEqual(currentMetrics![0]!.resource!.current, { averageUtilization: 50, averageValue: '50m' });
  assert.deepEqual(await conditions(api), {
    AbleToScale: 'True ReadyForNewScale',
    ScalingActive: 'True ValidMetricFound',
    ScalingLimited: 'False DesiredWithinRange',
  });
  const before = await revision(api);
  pass(15);
  await look();
  assert.equal(await revision(api), before);
});

test('above it, it grows, and says why', async () => {
  const { api, look, context } = await autoscaled(100);
  await look();
  assert.equal(await replicas(api), 4);
  assert.deepEqual(context.events.noted, [
    'SuccessfulRescale: New size: 4; reason: cpu resource utilization (percentage of request) above target',
  ]);
  assert.equal((await conditions(api)).AbleToScale, 'True SucceededRescale');
  assert.ok((await statusOf(api)).lastScaleTime);
});

test('below it, it shrinks after five minutes', async () => {
  const { api, look, state, pass } = await autoscaled(50);
  await look();
  state.uses = 1;
  pass(299);
  await look();
  assert.equal(await replicas(api), 2);
  assert.equal((await conditions(api)).AbleToScale, 'True ScaleDownStabilized');
  pass(2);
  await look();
  assert.equal(await replicas(api), 1);
});

test('the bounds come first, and a target of zero is left alone', async () => {
  const { api, look } = await autoscaled(50, { minReplicas: 3 });
  await look();
  assert.equal(await replicas(api), 3);
  await api.patch('Deployment', 'web', 'shop', { spec: { replicas: 0 } });
  await look();
  assert.equal(await replicas(api), 0);
  assert.equal((await conditions(api)).ScalingActive, 'False ScalingDisabled');
});

test('an external metric is the sum of the objects that carry it', async () => {
  const selector = { matchLabels: { queue: 'orders' } };
  const external = { metric: { name: 'waiting', selector }, target: { type: 'AverageValue', averageValue: '10' } };
  const { api, look } = await autoscaled(50, { metrics: [{ type: 'External', external }] });
  await look();
  assert.equal((await conditions(api)).ScalingActive, 'False FailedGetExternalMetric');
  for (const [name, queue, value] of [
    ['a', 'orders', '30'],
    ['b', 'orders', '8'],
    ['c', 'other', '100'],
  ] as const) {
    const metadata = { name, namespace: 'shop', labels: { queue } };
    await api.create('ExternalMetric', { metadata, spec: { metricName: 'waiting', value } } as ExternalMetric);
  }
  await look();
  assert.equal(await replicas(api), 4);
  assert.equal((await statusOf(api)).currentMetrics![0]!.external!.current.averageValue, '19');
});

test('a target that is not there cannot be scaled', async () => {
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'other' };
  const { api, look } = await autoscaled(50, { scaleTargetRef });
  await look();
  assert.deepEqual(await conditions(api), { AbleToScale: 'False FailedGetScale' });
});

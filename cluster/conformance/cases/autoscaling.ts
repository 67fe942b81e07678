import assert from 'node:assert/strict';
import type { Json } from '../api.ts';
import { topic, type World } from '../case.ts';
import { eventually } from '../eventually.ts';
import { invalid, ok } from '../expect.ts';
import { deployment } from '../objects.ts';

const path = ({ namespace }: World) => `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`;
const autoscaler = (spec: object = {}) => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'some' },
  spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'some' }, maxReplicas: 3, ...spec },
});
const post = (world: World, spec?: object) => world.api.post(path(world), autoscaler(spec));

/** Once its controller has looked at it. */
const condition = (world: World, type: string) =>
  eventually(`it has the condition ${type}`, async () => {
    const { status } = ok(await world.api.get(`${path(world)}/some`));
    return status?.conditions?.find((one: Json) => one.type === type);
  });

export const autoscaling = topic('autoscaling', {
  'one replica at least, and 80 % of the CPU, where nothing else is said': async (world) => {
    const { spec } = ok(await post(world));
    assert.equal(spec.minReplicas, 1);
    const target = { type: 'Utilization', averageUtilization: 80 };
    assert.deepEqual(spec.metrics, [{ type: 'Resource', resource: { name: 'cpu', target } }]);
  },
  'one of version v1 is the same as one of v2': async (world) => {
    const v1 = path(world).replace('/v2/', '/v1/');
    const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'some' };
    const spec = { scaleTargetRef, maxReplicas: 3, targetCPUUtilizationPercentage: 50 };
    ok(
      await world.api.post(v1, {
        apiVersion: 'autoscaling/v1',
        kind: autoscaler().kind,
        metadata: { name: 'some' },
        spec,
      }),
    );
    const read = ok(await world.api.get(`${path(world)}/some`));
    assert.equal(read.apiVersion, 'autoscaling/v2');
    const target = { type: 'Utilization', averageUtilization: 50 };
    assert.deepEqual(read.spec.metrics, [{ type: 'Resource', resource: { name: 'cpu', target } }]);
    const older = ok(await world.api.get(`${v1}/some`));
    assert.equal(older.apiVersion, 'autoscaling/v1');
    assert.deepEqual(older.spec, { ...spec, minReplicas: 1 });
  },
  'bounds, targets and metrics are checked': async (world) => {
    invalid(await post(world, { maxReplicas: 0 }), 'spec.maxReplicas');
    invalid(await post(world, { minReplicas: 4 }), 'spec.maxReplicas');
    invalid(await post(world, { scaleTargetRef: { kind: 'Deployment', name: '' } }), 'spec.scaleTargetRef.name');
    invalid(await post(world, { metrics: [{ type: 'Resource' }] }), 'spec.metrics[0].resource');
  },
  'a target that is not there cannot be scaled': async (world) => {
    ok(await post(world));
    const { status, reason } = await condition(world, 'AbleToScale');
    assert.deepEqual([status, reason], ['False', 'FailedGetScale']);
  },
  'a target below the minimum is brought to it, whatever the metrics': async (world) => {
    ok(await world.api.post(world.apps('deployments'), deployment('some', 1)));
    ok(await post(world, { minReplicas: 2 }));
    await eventually('it has two replicas', async () => {
      return ok(await world.api.get(world.apps('deployments/some'))).spec.replicas === 2;
    });
  },
  'a Table of autoscalers has the columns that kubectl prints': async (world) => {
    ok(await post(world));
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    const { columnDefinitions, rows } = ok(await world.api.get(path(world), { accept }));
    const names = columnDefinitions.map(({ name }: Json) => name);
    assert.deepEqual(names, ['Name', 'Reference', 'Targets', 'MinPods', 'MaxPods', 'Replicas', 'Age']);
    assert.deepEqual(rows[0].cells.slice(0, 5), ['some', 'Deployment/some', 'cpu: <unknown>/80%', '1', 3]);
  },
});

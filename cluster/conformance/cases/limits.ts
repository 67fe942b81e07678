import assert from 'node:assert/strict';
import type { Json } from '../api.ts';
import { skip, topic, type World } from '../case.ts';
import { eventually } from '../eventually.ts';
import { ok } from '../expect.ts';
import { idle, pod } from '../objects.ts';

const METRICS = '/apis/metrics.k8s.io/v1beta1';

/** Grows by 8 MiB at a time, outside of the heap. */
const hoards = 'const kept = []; setInterval(() => kept.push(Buffer.alloc(8 * 1024 ** 2, 1)), 20)';
const limited = { resources: { limits: { memory: '96Mi' } } };
const container = async ({ api, core }: World): Promise<Json> =>
  ok(await api.get(core('pods/some'))).status.containerStatuses?.[0];

/** A pod that works without pause, once the cluster says what it uses. Skips where nobody does. */
async function measured(world: World): Promise<Json> {
  const { api, core, namespace } = world;
  if ((await api.get(METRICS)).status === 404) skip('this cluster has no metrics-server');
  const busy = 'for (;;);';
  ok(
    await api.post(
      core('pods'),
      pod('some', busy, { resources: { requests: { cpu: '50m' }, limits: { cpu: '200m' } } }),
    ),
  );
  return eventually('its metrics are there', async () => {
    const answer = await api.get(`${METRICS}/namespaces/${namespace}/pods/some`);
    return answer.status === 200 && answer.body.containers.length > 0 && answer.body;
  });
}

export const limits = topic('limits', {
  'a container that holds more memory than its limit is killed, wherever it holds it': async (world) => {
    const { api, core } = world;
    ok(await api.post(core('pods'), pod('some', hoards, limited, { restartPolicy: 'Never' })));
    await eventually('it was killed', async () => {
      const terminated = (await container(world))?.state.terminated;
      if (!terminated) return false;
      assert.deepEqual([terminated.reason, terminated.exitCode], ['OOMKilled', 137]);
      return true;
    });
    await eventually('the pod has failed', async () => {
      return ok(await api.get(core('pods/some'))).status.phase === 'Failed';
    });
  },
  'one that was killed for its memory is started again, and its last state says so': async (world) => {
    ok(await world.api.post(world.core('pods'), pod('some', hoards, limited)));
    await eventually('it was started again', async () => {
      const status = await container(world);
      return status?.restartCount >= 1 && status.lastState.terminated?.reason === 'OOMKilled';
    });
  },
  'one within its limits goes on': async (world) => {
    const { api, core } = world;
    ok(await api.post(core('pods'), pod('some', idle, { resources: { limits: { cpu: '100m', memory: '128Mi' } } })));
    await eventually('it runs', async () => (await container(world))?.state.running);
    const { status } = ok(await api.get(core('pods/some')));
    assert.equal(status.qosClass, 'Guaranteed');
  },
});

export const metrics = topic('metrics', {
  'what a pod uses is told for each container, with its time and window': async (world) => {
    const { kind, metadata, timestamp, window, containers } = await measured(world);
    assert.equal(kind, 'PodMetrics');
    assert.equal(metadata.namespace, world.namespace);
    assert.ok(Date.parse(timestamp));
    assert.match(window, /^[\d.]+(ms|s|m)/);
    assert.equal(containers[0].name, 'main');
    assert.match(containers[0].usage.cpu, /^\d+[num]?$/);
    assert.match(containers[0].usage.memory, /^\d+Ki$/);
  },
  'what pods use can be selected by their labels': async (world) => {
    await measured(world);
    const count = async (selector: string) => {
      const path = `${METRICS}/namespaces/${world.namespace}/pods?labelSelector=${encodeURIComponent(selector)}`;
      return ok(await world.api.get(path)).items.length;
    };
    assert.equal(await count('app=some'), 1);
    assert.equal(await count('app=other'), 0);
  },
  'what nodes use is told too': async (world) => {
    await measured(world);
    const { kind, items } = ok(await world.api.get(`${METRICS}/nodes`));
    assert.equal(kind, 'NodeMetricsList');
    for (const { usage } of items) assert.ok(usage.cpu && usage.memory);
  },
});

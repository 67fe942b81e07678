import assert from 'node:assert/strict';
import type { Json } from '../api.ts';
import { topic, type Case, type World } from '../case.ts';
import { eventually } from '../eventually.ts';
import { ok } from '../expect.ts';
import { idle, pod } from '../objects.ts';

/** How a Node of the case's own is marked: it has no kubelet, and no other case's pods go there. */
export const NOWHERE = 'conformance';

/** A case with a Node that its pods can be bound to, though they never run there. */
function onOwnNode(run: (world: World, name: string) => Promise<void>, spec: object = {}): Case['run'] {
  return async (world) => {
    const { api, namespace, core } = world;
    const name = `nowhere-${namespace}`;
    // A little over two CPUs, for agents that go to every node.
    const allocatable = { cpu: '2099m', memory: '1Gi', pods: '110' };
    const metadata = { name, labels: { [NOWHERE]: namespace, 'kubernetes.io/hostname': name } };
    const taint = { key: NOWHERE, value: namespace, effect: 'NoSchedule' };
    const node = { apiVersion: 'v1', kind: 'Node', metadata, spec: { taints: [taint], ...spec } };
    ok(await api.post('/api/v1/nodes', { ...node, status: { allocatable, capacity: allocatable } }));
    try {
      await run(world, name);
    } finally {
      await api.delete(core('pods?gracePeriodSeconds=0'), { gracePeriodSeconds: 0 });
      await api.delete(`/api/v1/nodes/${name}`);
    }
  };
}

/** A pod that goes to the case's own node or nowhere. */
function bound(
  { namespace }: World,
  name: string,
  spec: object = {},
  container: object = {},
  metadata: object = {},
): Json {
  const tolerations = [{ key: NOWHERE, value: namespace }];
  return pod(name, idle, container, { nodeSelector: { [NOWHERE]: namespace }, tolerations, ...spec }, metadata);
}

const asking = (requests: object) => ({ resources: { requests } });

/** The pod is given a place on this node. */
async function goesTo({ api, core }: World, node: string, some: Json): Promise<void> {
  ok(await api.post(core('pods'), some));
  const place = await eventually('it is given a node', async () => {
    return ok(await api.get(core(`pods/${some.metadata.name}`))).spec.nodeName;
  });
  assert.equal(place, node);
}

/** The pod is left without a node, and its condition says why. */
async function goesNowhere({ api, core }: World, why: RegExp, some: Json): Promise<void> {
  ok(await api.post(core('pods'), some));
  await eventually(`it goes nowhere, because ${why}`, async () => {
    const { spec, status } = ok(await api.get(core(`pods/${some.metadata.name}`)));
    assert.equal(spec.nodeName, undefined);
    const condition = status.conditions?.find(({ type }: Json) => type === 'PodScheduled');
    if (!condition) return false;
    assert.deepEqual([condition.status, condition.reason], ['False', 'Unschedulable']);
    assert.match(condition.message, why);
    return true;
  });
}

export const scheduling = topic('scheduling', {
  'a pod that fits nowhere says why, in its condition and in an event': async (world) => {
    const why = /^0\/\d+ nodes are available: .*\d Insufficient cpu, \d+ Insufficient memory/;
    await goesNowhere(world, why, pod('some', idle, asking({ cpu: '10k', memory: '100Ti' })));
    const event = await eventually('an event says so', async () => {
      const { items } = ok(await world.api.get(world.core('events')));
      return items.find(({ reason }: Json) => reason === 'FailedScheduling');
    });
    assert.equal(event.type, 'Warning');
    assert.match(event.message ?? event.note, /^0\/\d+ nodes are available: /);
    const { status } = ok(await world.api.get(world.core('pods/some')));
    assert.equal(status.phase, 'Pending');
  },
  'a nodeSelector that no node meets leaves the pod pending': async (world) => {
    const why = /node\(s\) didn't match Pod's node affinity\/selector/;
    await goesNowhere(world, why, pod('some', idle, {}, { nodeSelector: { 'example.com/no': 'such' } }));
  },
  'twenty pods of 100m fit on a little over two CPUs, a twenty-first does not': onOwnNode(async (world, node) => {
    const names = Array.from({ length: 20 }, (_, index) => `some-${index}`);
    await Promise.all(names.map((name) => goesTo(world, node, bound(world, name, {}, asking({ cpu: '100m' })))));
    await goesNowhere(world, /1 Insufficient cpu/, bound(world, 'more', {}, asking({ cpu: '100m' })));
  }),
  'an init container that asks for more than the containers decides': onOwnNode(async (world, node) => {
    const initContainers = [{ name: 'init', image: 'node:24', ...asking({ cpu: '1500m' }) }];
    await goesTo(world, node, bound(world, 'one', { initContainers }, asking({ cpu: '500m' })));
    await goesNowhere(world, /Insufficient cpu/, bound(world, 'two', {}, asking({ cpu: '600m' })));
    await goesTo(world, node, bound(world, 'three', {}, asking({ cpu: '500m' })));
  }),
  'a sidecar counts beside the containers': onOwnNode(async (world, node) => {
    const sidecar = { name: 'side', image: 'node:24', restartPolicy: 'Always', ...asking({ cpu: '1500m' }) };
    const initContainers = [sidecar];
    await goesTo(world, node, bound(world, 'one', { initContainers }, asking({ cpu: '500m' })));
    await goesNowhere(world, /Insufficient cpu/, bound(world, 'two', {}, asking({ cpu: '100m' })));
  }),
  'a taint keeps away what does not tolerate it': onOwnNode(async (world, node) => {
    const without = { tolerations: [{ key: NOWHERE, operator: 'Equal', value: 'other' }] };
    await goesNowhere(world, /node\(s\) had untolerated taint/, bound(world, 'one', without));
    const equal = { tolerations: [{ key: NOWHERE, value: world.namespace, effect: 'NoSchedule' }] };
    await goesTo(world, node, bound(world, 'two', equal));
  }),
  'a cordoned node takes no pods, and has a taint that says so': onOwnNode(
    async (world, node) => {
      await goesNowhere(world, /\d+ node\(s\) were unschedulable/, bound(world, 'one'));
      await eventually('it is tainted', async () => {
        const { taints } = ok(await world.api.get(`/api/v1/nodes/${node}`)).spec;
        return taints.some(({ key }: Json) => key === 'node.kubernetes.io/unschedulable');
      });
      ok(await world.api.patch(`/api/v1/nodes/${node}`, 'merge', { spec: { unschedulable: false } }));
      await eventually('it goes there after all', async () => {
        return ok(await world.api.get(world.core('pods/one'))).spec.nodeName === node;
      });
    },
    { unschedulable: true },
  ),
  'node affinity may name a node by its field': onOwnNode(async (world, node) => {
    const matchFields = [{ key: 'metadata.name', operator: 'In', values: [node] }];
    const required = { nodeSelectorTerms: [{ matchFields }] };
    const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } };
    await goesTo(world, node, bound(world, 'one', { nodeSelector: {}, affinity }));
  }),
  'a preference for a node decides where several would do': onOwnNode(async (world, node) => {
    const matchExpressions = [{ key: NOWHERE, operator: 'In', values: [world.namespace] }];
    const preferred = [{ weight: 100, preference: { matchExpressions } }];
    const affinity = { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred } };
    await goesTo(world, node, bound(world, 'first'));
    await goesTo(world, node, bound(world, 'one', { nodeSelector: {}, affinity }));
  }),
  'pods that shun each other do not share a node': onOwnNode(async (world, node) => {
    const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'shy' } } };
    const affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
    const labels = { labels: { app: 'shy' } };
    await goesTo(world, node, bound(world, 'one', { affinity }, {}, labels));
    await goesNowhere(
      world,
      /1 node\(s\) didn't match pod anti-affinity rules/,
      bound(world, 'two', { affinity }, {}, labels),
    );
    await goesNowhere(
      world,
      /1 node\(s\) didn't satisfy existing pods anti-affinity rules/,
      bound(world, 'three', {}, {}, labels),
    );
  }),
  'a pod that wants company waits until it is there': onOwnNode(async (world, node) => {
    const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'company' } } };
    const affinity = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
    await goesNowhere(world, /node\(s\) didn't match pod affinity rules/, bound(world, 'one', { affinity }));
    await goesTo(world, node, bound(world, 'company'));
    await eventually('it goes there', async () => {
      return ok(await world.api.get(world.core('pods/one'))).spec.nodeName === node;
    });
  }),
  'pods are spread over a topology as evenly as they ask for': onOwnNode(async (world, node) => {
    const constraint = { maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'DoNotSchedule' };
    const labelSelector = { matchLabels: { app: 'even' } };
    const labels = { labels: { app: 'even' } };
    const missing = { topologySpreadConstraints: [{ ...constraint, topologyKey: 'example.com/rack', labelSelector }] };
    await goesNowhere(world, /missing required label/, bound(world, 'one', missing, {}, labels));
    const two = { topologySpreadConstraints: [{ ...constraint, minDomains: 2, labelSelector }] };
    await goesTo(world, node, bound(world, 'two', two, {}, labels));
    await goesNowhere(world, /didn't match pod topology spread constraints/, bound(world, 'three', two, {}, labels));
  }),
});

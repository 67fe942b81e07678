import assert from 'node:assert/strict';
import type { Json } from '../api.ts';
import { topic, type World } from '../case.ts';
import { eventually } from '../eventually.ts';
import { ok } from '../expect.ts';
import { daemonSet } from '../objects.ts';

const some = async ({ api, apps }: World) => ok(await api.get(apps('daemonsets/some')));
const podsOf = async ({ api, core }: World): Promise<Json[]> =>
  ok(await api.get(core('pods?labelSelector=app%3Dsome'))).items;

/** The DaemonSet, once each of its nodes has an available pod of the newest template. */
const settled = (world: World) =>
  eventually('every node has a pod', async () => {
    const set = await some(world);
    const { status, metadata } = set;
    const counts = [status.currentNumberScheduled, status.numberAvailable, status.updatedNumberScheduled];
    const there = status.desiredNumberScheduled > 0 && counts.every((count) => count === status.desiredNumberScheduled);
    return there && status.observedGeneration === metadata.generation && set;
  });

/** Which nodes take pods that tolerate nothing. */
const openNodes = async ({ api }: World): Promise<string[]> =>
  ok(await api.get('/api/v1/nodes'))
    .items.filter(({ spec }: Json) => !spec.taints?.length)
    .map(({ metadata }: Json) => metadata.name);

/** What a DaemonSet makes of the nodes there are (kubernetes.io: DaemonSet). */
export const daemonSets = topic('daemon sets', {
  'every node without taints has a pod': async (world) => {
    ok(await world.api.post(world.apps('daemonsets'), daemonSet('some')));
    const { status } = await settled(world);
    const nodes = (await podsOf(world)).map(({ spec }) => spec.nodeName).sort();
    assert.deepEqual(nodes, (await openNodes(world)).sort());
    assert.deepEqual([status.numberReady, status.numberMisscheduled], [nodes.length, 0]);
  },
  'only nodes that its pods select': async (world) => {
    const [node] = await openNodes(world);
    const set = daemonSet('some');
    set.spec.template.spec.nodeSelector = { 'kubernetes.io/hostname': node };
    ok(await world.api.post(world.apps('daemonsets'), set));
    assert.equal((await settled(world)).status.desiredNumberScheduled, 1);
    assert.equal((await podsOf(world))[0]!.spec.nodeName, node);
  },
  'none where nothing is selected': async (world) => {
    const set = daemonSet('some');
    set.spec.template.spec.nodeSelector = { 'example.com/no': 'such' };
    ok(await world.api.post(world.apps('daemonsets'), set));
    await eventually('it was seen', async () => (await some(world)).status.observedGeneration === 1);
    assert.equal((await some(world)).status.desiredNumberScheduled, 0);
  },
  'a roll replaces its pods, and leaves two revisions': async (world) => {
    ok(await world.api.post(world.apps('daemonsets'), daemonSet('some')));
    await settled(world);
    const before = (await podsOf(world)).map(({ metadata }) => metadata.uid);
    const env = [{ name: 'ANSWER', value: 'two' }];
    const template = { spec: { containers: [{ name: 'main', env }] } };
    ok(await world.api.patch(world.apps('daemonsets/some'), 'strategic-merge', { spec: { template } }));
    await settled(world);
    const pods = (await podsOf(world)).filter(({ metadata }) => !metadata.deletionTimestamp);
    assert.ok(pods.every(({ metadata }) => !before.includes(metadata.uid)));
    const { items } = ok(await world.api.get(world.apps('controllerrevisions')));
    assert.deepEqual(items.map(({ revision }: Json) => revision).sort(), [1, 2]);
  },
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Api } from '../../apiserver/api.ts';
import type { DaemonSet, Node, Pod } from '../../kinds/types.ts';
import {
  emptyCluster,
  podTemplate,
  revision,
  run,
  testContext,
  type TestContext,
} from '../../testing/controller-fixture.ts';
import { reconcileDaemonSet } from './daemon-set-controller.ts';
import { nodeOf } from './eligible-nodes.ts';

const key = 'shop/agent';
const nodeNames = ['node-1', 'node-2', 'node-3'];

/** Three nodes and a DaemonSet; `spec` is what it says beyond its template. */
async function createDaemonSet(spec: object = {}): Promise<{ api: Api; context: TestContext }> {
  const api = await emptyCluster();
  for (const name of nodeNames) {
    await api.create('Node', { metadata: { name, labels: { zone: name } } } as Node);
    await api.patch('Node', name, undefined, { spec: { taints: null } });
  }
  const metadata = { name: 'agent', namespace: 'shop' };
  const base = { selector: { matchLabels: { app: 'web' } }, template: podTemplate() };
  await api.create('DaemonSet', { metadata, spec: { ...base, ...spec } } as DaemonSet);
  return { api, context: testContext(api) };
}

async function pods(api: Api): Promise<Pod[]> {
  const { items } = await api.list('Pod', { namespace: 'shop' });
  return items.sort((a, b) => (nodeOf(a)! < nodeOf(b)! ? -1 : 1));
}

const where = async (api: Api) => (await pods(api)).map(nodeOf);
const images = async (api: Api) => (await pods(api)).map(({ spec }) => spec!.containers[0]!.image);
const statusOf = async (api: Api) => (await api.get('DaemonSet', 'agent', 'shop')).status!;
const patch = (api: Api, spec: object) => api.patch('DaemonSet', 'agent', 'shop', { spec });
const taint = (api: Api, node: string, effect: string) =>
  api.patch('Node', node, undefined, { spec: { taints: [{ key: 'some', effect }] } });

/** Stands for the scheduler and the kubelet: pods are bound to their nodes, and ready. */
async function startPods(api: Api, isReady: (pod: Pod) => boolean = () => true): Promise<void> {
  for (const pod of await pods(api)) {
    if (!pod.spec!.nodeName) await api.bind(pod.metadata.name, 'shop', nodeOf(pod)!);
    if (!pod.status?.podIP) await run(api, pod, isReady(pod));
  }
}

async function settle(context: TestContext): Promise<void> {
  for (let before = ''; before !== (await revision(context.api));) {
    before = await revision(context.api);
    await reconcileDaemonSet(context, key);
    await startPods(context.api);
    await finishDeletions(context.api);
  }
}

/** Stands for the kubelet: what is ending, ends. */
async function finishDeletions(api: Api): Promise<void> {
  for (const { metadata } of await pods(api)) {
    if (metadata.deletionTimestamp) await api.delete('Pod', metadata.name, 'shop', { gracePeriodSeconds: 0 });
  }
}

async function settled(spec: object = {}): Promise<{ api: Api; context: TestContext }> {
  const made = await createDaemonSet(spec);
  await settle(made.context);
  return made;
}

test('each node has a pod, which can go nowhere else', async () => {
  const { api, context } = await createDaemonSet();
  await reconcileDaemonSet(context, key);
  assert.deepEqual(await where(api), nodeNames);
  const before = await statusOf(api);
  assert.equal(before.desiredNumberScheduled, 3);
  assert.equal(before.currentNumberScheduled, 0);
  await settle(context);
  const { currentNumberScheduled, numberReady, numberAvailable, updatedNumberScheduled } = await statusOf(api);
  assert.deepEqual([currentNumberScheduled, numberReady, numberAvailable, updatedNumberScheduled], [3, 3, 3, 3]);
});

test('a node that comes has a pod, and one that goes has none', async () => {
  const { api, context } = await settled();
  await api.create('Node', { metadata: { name: 'node-4' } } as Node);
  await api.patch('Node', 'node-4', undefined, { spec: { taints: null } });
  await api.delete('Node', 'node-1', undefined, {});
  await settle(context);
  assert.deepEqual(await where(api), ['node-2', 'node-3', 'node-4']);
});

test('only nodes that the template selects have pods', async () => {
  const template = podTemplate();
  const { api } = await settled({
    template: { ...template, spec: { ...template.spec, nodeSelector: { zone: 'node-2' } } },
  });
  assert.deepEqual(await where(api), ['node-2']);
});

test('a taint NoSchedule keeps new pods off and leaves those that are there; NoExecute ends them', async () => {
  const { api, context } = await settled();
  await taint(api, 'node-1', 'NoSchedule');
  await settle(context);
  assert.deepEqual(await where(api), nodeNames);
  assert.equal((await statusOf(api)).numberMisscheduled, 1);
  await api.delete('Pod', (await pods(api))[0]!.metadata.name, 'shop', {});
  await finishDeletions(api);
  await taint(api, 'node-2', 'NoExecute');
  await settle(context);
  assert.deepEqual(await where(api), ['node-3']);
});

test('a cordon keeps no daemon off', async () => {
  const { api, context } = await createDaemonSet();
  const taints = [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }];
  await api.patch('Node', 'node-1', undefined, { spec: { unschedulable: true, taints } });
  await settle(context);
  assert.deepEqual(await where(api), nodeNames);
});

test('a roll ends as many old pods at once as maxUnavailable lets be missing', async () => {
  const { api, context } = await settled({ updateStrategy: { rollingUpdate: { maxUnavailable: 2 } } });
  await patch(api, { template: podTemplate('v2') });
  await reconcileDaemonSet(context, key);
  await finishDeletions(api);
  assert.equal((await pods(api)).length, 1);
  await reconcileDaemonSet(context, key);
  await startPods(api, () => false);
  await reconcileDaemonSet(context, key);
  assert.deepEqual((await images(api)).sort(), ['node:v1', 'node:v2', 'node:v2']);
  for (const pod of await pods(api)) await run(api, pod, true);
  await settle(context);
  assert.deepEqual(await images(api), ['node:v2', 'node:v2', 'node:v2']);
});

test('with maxSurge the new pod is ready before the old one goes', async () => {
  const { api, context } = await settled({ updateStrategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } } });
  await patch(api, { template: podTemplate('v2') });
  await reconcileDaemonSet(context, key);
  await startPods(api, () => false);
  await reconcileDaemonSet(context, key);
  assert.deepEqual((await images(api)).sort(), ['node:v1', 'node:v1', 'node:v1', 'node:v2']);
  for (const pod of await pods(api)) await run(api, pod, true);
  await settle(context);
  assert.deepEqual(await images(api), ['node:v2', 'node:v2', 'node:v2']);
});

test('a node that takes no pod and has none does not hold up a roll', async () => {
  const { api, context } = await createDaemonSet();
  await taint(api, 'node-1', 'NoSchedule');
  await settle(context);
  await patch(api, { template: podTemplate('v2') });
  await settle(context);
  assert.deepEqual(await images(api), ['node:v2', 'node:v2']);
});

test('with OnDelete a pod is the new one when somebody has deleted the old one', async () => {
  const { api, context } = await settled({ updateStrategy: { type: 'OnDelete' } });
  await patch(api, { template: podTemplate('v2') });
  await settle(context);
  assert.deepEqual(await images(api), ['node:v1', 'node:v1', 'node:v1']);
  await api.delete('Pod', (await pods(api))[0]!.metadata.name, 'shop', {});
  await settle(context);
  assert.deepEqual(await images(api), ['node:v2', 'node:v1', 'node:v1']);
});

test('a template that comes back is the newest revision again', async () => {
  const { api, context } = await settled();
  for (const version of ['v2', 'v1']) {
    await patch(api, { template: podTemplate(version) });
    await settle(context);
  }
  const { items } = await api.list('ControllerRevision');
  assert.deepEqual(items.map((one) => one.revision).sort(), [2, 3]);
});

test('a pod that has failed is made anew, not sooner than after 1 s', async () => {
  const { api, context } = await settled();
  const failed = (await pods(api))[0]!;
  await api.patch('Pod', failed.metadata.name, 'shop', { status: { phase: 'Failed' } }, 'status');
  context.pass(-60);
  assert.equal(await reconcileDaemonSet(context, key), 1000);
  assert.equal((await pods(api))[0]!.metadata.uid, failed.metadata.uid);
  context.pass(120);
  await settle(context);
  assert.notEqual((await pods(api))[0]!.metadata.uid, failed.metadata.uid);
  assert.ok(context.events.noted.some((event) => event.startsWith('FailedDaemonPod:')));
});

test('where all is as it should be, nothing is written', async () => {
  const { api, context } = await settled();
  const before = await revision(api);
  await reconcileDaemonSet(context, key);
  assert.equal(await revision(api), before);
});

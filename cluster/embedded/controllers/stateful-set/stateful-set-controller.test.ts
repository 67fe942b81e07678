import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Api } from '../../apiserver/api.ts';
import type { Pod, StatefulSet } from '../../kinds/types.ts';
import {
  emptyCluster,
  podTemplate,
  revision,
  run,
  testContext,
  type TestContext,
} from '../../testing/controller-fixture.ts';
import { reconcileStatefulSet } from './stateful-set-controller.ts';

const key = 'shop/db';

async function createSet(spec: object = {}): Promise<{ api: Api; context: TestContext }> {
  const api = await emptyCluster();
  const metadata = { name: 'db', namespace: 'shop' };
  const base = { replicas: 3, serviceName: 'db', selector: { matchLabels: { app: 'web' } }, template: podTemplate() };
  await api.create('StatefulSet', { metadata, spec: { ...base, ...spec } } as StatefulSet);
  return { api, context: testContext(api) };
}

async function pods(api: Api): Promise<Pod[]> {
  return (await api.list('Pod', { namespace: 'shop' })).items.sort((a, b) =>
    a.metadata.name < b.metadata.name ? -1 : 1,
  );
}

async function names(api: Api): Promise<string[]> {
  return (await pods(api)).map(({ metadata }) => metadata.name);
}

const images = async (api: Api) => (await pods(api)).map(({ spec }) => spec!.containers[0]!.image);
const state = (api: Api) => api.get('StatefulSet', 'db', 'shop');
const patch = (api: Api, spec: object) => api.patch('StatefulSet', 'db', 'shop', { spec });

/** Looks again and again, with every pod ready as soon as it is there, until nothing changes. */
async function settle(context: TestContext): Promise<void> {
  for (let before = ''; before !== (await revision(context.api));) {
    before = await revision(context.api);
    await reconcileStatefulSet(context, key);
    for (const pod of await pods(context.api)) if (!pod.status?.podIP) await run(context.api, pod, true);
  }
}

async function settled(spec: object = {}): Promise<{ api: Api; context: TestContext }> {
  const made = await createSet(spec);
  await settle(made.context);
  return made;
}

test('pods come one after the other, each when the one before it is ready', async () => {
  const { api, context } = await createSet();
  await reconcileStatefulSet(context, key);
  await reconcileStatefulSet(context, key);
  assert.deepEqual(await names(api), ['db-0']);
  await run(api, (await pods(api))[0]!, false);
  await reconcileStatefulSet(context, key);
  assert.deepEqual(await names(api), ['db-0']);
  await run(api, (await pods(api))[0]!, true);
  await reconcileStatefulSet(context, key);
  assert.deepEqual(await names(api), ['db-0', 'db-1']);
});

test('a pod has its name as host name, its Service as subdomain, and labels that tell it from the others', async () => {
  const { api } = await settled({ ordinals: { start: 5 }, replicas: 1 });
  const [pod] = await pods(api);
  assert.equal(pod!.metadata.name, 'db-5');
  assert.equal(pod!.spec!.hostname, 'db-5');
  assert.equal(pod!.spec!.subdomain, 'db');
  assert.equal(pod!.metadata.labels!['statefulset.kubernetes.io/pod-name'], 'db-5');
  assert.equal(pod!.metadata.labels!['apps.kubernetes.io/pod-index'], '5');
  assert.equal(pod!.metadata.labels!['controller-revision-hash'], (await state(api)).status!.updateRevision);
});

test('with Parallel all pods come, and go, at once', async () => {
  const { api, context } = await createSet({ podManagementPolicy: 'Parallel' });
  await reconcileStatefulSet(context, key);
  assert.deepEqual(await names(api), ['db-0', 'db-1', 'db-2']);
  await patch(api, { replicas: 1 });
  await reconcileStatefulSet(context, key);
  assert.deepEqual(await names(api), ['db-0']);
});

test('a smaller set gives up the highest number first, one at a time', async () => {
  const { api, context } = await settled();
  await patch(api, { replicas: 1 });
  await reconcileStatefulSet(context, key);
  assert.deepEqual(await names(api), ['db-0', 'db-1']);
  await reconcileStatefulSet(context, key);
  assert.deepEqual(await names(api), ['db-0']);
});

test('nothing is given up in order while a lower number is not ready', async () => {
  const { api, context } = await settled();
  await run(api, (await pods(api))[0]!, false);
  await patch(api, { replicas: 2 });
  await reconcileStatefulSet(context, key);
  assert.deepEqual(await names(api), ['db-0', 'db-1', 'db-2']);
});

test('a roll goes from the highest number down, and waits for each pod', async () => {
  const { api, context } = await settled();
  await patch(api, { template: podTemplate('v2') });
  await reconcileStatefulSet(context, key);
  assert.deepEqual(await names(api), ['db-0', 'db-1']);
  await reconcileStatefulSet(context, key);
  assert.deepEqual(await images(api), ['node:v1', 'node:v1', 'node:v2']);
  await reconcileStatefulSet(context, key);
  assert.equal((await names(api)).length, 3);
  const { status } = await state(api);
  assert.equal(status!.updatedReplicas, 1);
  assert.equal(status!.currentReplicas, 2);
  assert.notEqual(status!.currentRevision, status!.updateRevision);
  await settle(context);
  assert.deepEqual(await images(api), ['node:v2', 'node:v2', 'node:v2']);
  const after = (await state(api)).status!;
  assert.equal(after.currentRevision, after.updateRevision);
  assert.equal(after.currentReplicas, 3);
});

test('a roll stops at the partition, below which a lost pod comes back as it was', async () => {
  const { api, context } = await settled();
  await patch(api, { template: podTemplate('v2'), updateStrategy: { rollingUpdate: { partition: 2 } } });
  await settle(context);
  assert.deepEqual(await images(api), ['node:v1', 'node:v1', 'node:v2']);
  await api.delete('Pod', 'db-0', 'shop', {});
  await settle(context);
  assert.deepEqual(await images(api), ['node:v1', 'node:v1', 'node:v2']);
  await patch(api, { updateStrategy: { rollingUpdate: { partition: 0 } } });
  await settle(context);
  assert.deepEqual(await images(api), ['node:v2', 'node:v2', 'node:v2']);
});

test('with OnDelete a pod is the new one when somebody has deleted the old one', async () => {
  const { api, context } = await settled({ updateStrategy: { type: 'OnDelete' } });
  await patch(api, { template: podTemplate('v2') });
  await settle(context);
  assert.deepEqual(await images(api), ['node:v1', 'node:v1', 'node:v1']);
  await api.delete('Pod', 'db-1', 'shop', {});
  await settle(context);
  assert.deepEqual(await images(api), ['node:v1', 'node:v2', 'node:v1']);
});

test('a pod that has failed is made anew under its name', async () => {
  const { api, context } = await settled();
  const before = (await pods(api))[1]!;
  await api.patch('Pod', 'db-1', 'shop', { status: { phase: 'Failed' } }, 'status');
  await settle(context);
  assert.deepEqual(await names(api), ['db-0', 'db-1', 'db-2']);
  assert.notEqual((await pods(api))[1]!.metadata.uid, before.metadata.uid);
  assert.ok(context.events.noted.some((event) => event.startsWith('RecreatingFailedPod:')));
});

test('a pod is available after minReadySeconds, and until then the next one waits', async () => {
  const { api, context } = await createSet({ replicas: 2, minReadySeconds: 30 });
  await reconcileStatefulSet(context, key);
  await run(api, (await pods(api))[0]!, true);
  const wait = await reconcileStatefulSet(context, key);
  assert.ok(wait! > 20_000 && wait! <= 30_000);
  assert.equal((await state(api)).status!.readyReplicas, 1);
  assert.equal((await state(api)).status!.availableReplicas, 0);
  assert.deepEqual(await names(api), ['db-0']);
  context.pass(30);
  await reconcileStatefulSet(context, key);
  assert.equal((await state(api)).status!.availableReplicas, 1);
  assert.deepEqual(await names(api), ['db-0', 'db-1']);
});

test('a template that comes back is the newest revision again, and no more are kept than asked for', async () => {
  const { api, context } = await settled({ replicas: 1, revisionHistoryLimit: 1 });
  const numbers = async () => (await api.list('ControllerRevision')).items.map((one) => one.revision).sort();
  const first = (await state(api)).status!.updateRevision;
  await patch(api, { template: podTemplate('v2') });
  await settle(context);
  assert.deepEqual(await numbers(), [1, 2]);
  await patch(api, { template: podTemplate('v1') });
  await settle(context);
  assert.equal((await state(api)).status!.updateRevision, first);
  assert.deepEqual(await numbers(), [2, 3]);
  await patch(api, { template: podTemplate('v3') });
  await settle(context);
  assert.deepEqual(await numbers(), [3, 4]);
});

test('a pod that cannot be made is told of in an event, and the status all the same', async () => {
  const { api, context } = await settled({ replicas: 0 });
  // A namespace that is ending takes nothing new.
  await api.delete('Namespace', 'shop', undefined, {});
  await patch(api, { replicas: 1 });
  await assert.rejects(reconcileStatefulSet(context, key), { code: 'Forbidden' });
  assert.equal((await state(api)).status!.observedGeneration, 2);
  assert.match(context.events.noted.join(), /^FailedCreate: Error creating: .*being terminated/);
});

test('a name that somebody else has taken is waited for, without an event', async () => {
  const { api, context } = await createSet({ replicas: 1 });
  await api.create('Pod', { metadata: { name: 'db-0', namespace: 'shop' }, spec: podTemplate().spec } as Pod);
  await assert.rejects(reconcileStatefulSet(context, key), { code: 'AlreadyExists' });
  assert.deepEqual(context.events.noted, []);
});

test('where all is as it should be, nothing is written', async () => {
  const { api, context } = await settled();
  const before = await revision(api);
  await reconcileStatefulSet(context, key);
  assert.equal(await revision(api), before);
});

const claimTemplate = {
  metadata: { name: 'data', labels: { of: 'db' } },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
};
const claims = async (api: Api) =>
  (await api.list('PersistentVolumeClaim')).items.map(({ metadata }) => ({
    name: metadata.name,
    owners: (metadata.ownerReferences ?? []).map(({ kind, name }) => `${kind} ${name}`),
  }));

test('each pod has its claims before it is made, which stay when it goes', async () => {
  const { api, context } = await settled({ replicas: 2, volumeClaimTemplates: [claimTemplate] });
  const both = [
    { name: 'data-db-0', owners: [] },
    { name: 'data-db-1', owners: [] },
  ];
  assert.deepEqual(await claims(api), both);
  assert.deepEqual((await api.get('PersistentVolumeClaim', 'data-db-0', 'shop')).metadata.labels, {
    ...{ of: 'db', app: 'web' },
  });
  await patch(api, { replicas: 0 });
  await settle(context);
  assert.deepEqual(await names(api), []);
  assert.deepEqual(await claims(api), both);
});

test('claims go with the set, or with the pod that it is scaled down past, where its policy says so', async () => {
  const persistentVolumeClaimRetentionPolicy = { whenDeleted: 'Delete', whenScaled: 'Delete' };
  const { api, context } = await settled({
    ...{ replicas: 2, volumeClaimTemplates: [claimTemplate], persistentVolumeClaimRetentionPolicy },
  });
  const ofSet = ['StatefulSet db'];
  assert.deepEqual(await claims(api), [
    { name: 'data-db-0', owners: ofSet },
    { name: 'data-db-1', owners: ofSet },
  ]);
  await patch(api, { replicas: 1 });
  await reconcileStatefulSet(context, key);
  assert.deepEqual((await claims(api))[1], { name: 'data-db-1', owners: ['Pod db-1'] });
  await patch(api, { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain' } });
  await settle(context);
  assert.deepEqual((await claims(api))[0], { name: 'data-db-0', owners: [] });
});

test('a claim that is still going keeps the pod from being made', async () => {
  const { api, context } = await settled({ replicas: 1, volumeClaimTemplates: [claimTemplate] });
  await api.delete('PersistentVolumeClaim', 'data-db-0', 'shop');
  await api.delete('Pod', 'db-0', 'shop', { gracePeriodSeconds: 0 });
  await assert.rejects(reconcileStatefulSet(context, key), { message: 'pvc data-db-0 is being deleted' });
  assert.deepEqual(await names(api), []);
});

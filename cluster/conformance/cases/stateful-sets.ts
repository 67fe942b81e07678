import assert from 'node:assert/strict';
import type { Json } from '../api.ts';
import { topic, type World } from '../case.ts';
import { eventually } from '../eventually.ts';
import { ok } from '../expect.ts';
import { found, ready } from '../in-cluster.ts';
import { idle, pod, service, statefulSet } from '../objects.ts';

const some = async ({ api, apps }: World) => ok(await api.get(apps('statefulsets/some')));
const podsOf = async ({ api, core }: World): Promise<Json[]> =>
  ok(await api.get(core('pods?labelSelector=app%3Dsome'))).items;
const names = async (world: World) => (await podsOf(world)).map(({ metadata }) => metadata.name).sort();
const answers = async (world: World) =>
  (await podsOf(world))
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
    .map(({ spec }) => spec.containers[0].env?.[0].value ?? null);

/** The set, once so many of its pods are ready and there are no others, all of them of the newest revision that may be. */
const settled = (world: World, replicas: number) =>
  eventually(`${replicas} pods are ready`, async () => {
    const set = await some(world);
    const { replicas: all, readyReplicas = 0, observedGeneration } = set.status;
    return all === replicas && readyReplicas === replicas && observedGeneration === set.metadata.generation && set;
  });
const create = async (world: World, replicas: number, spec: object = {}, container: object = {}) =>
  ok(await world.api.post(world.apps('statefulsets'), statefulSet('some', replicas, spec, idle, container)));
const change = async ({ api, apps }: World, spec: object) =>
  ok(await api.patch(apps('statefulsets/some'), 'strategic-merge', { spec }));
const answer = (value: string) => ({
  template: { spec: { containers: [{ name: 'main', env: [{ name: 'ANSWER', value }] }] } },
});
const never = { readinessProbe: { tcpSocket: { port: 9 }, periodSeconds: 1 } };

/** What a StatefulSet makes of its pods (kubernetes.io: StatefulSets). */
export const statefulSets = topic('stateful sets', {
  'its pods are numbered, each made when the one before it is ready': async (world) => {
    await create(world, 2);
    await settled(world, 2);
    assert.deepEqual(await names(world), ['some-0', 'some-1']);
    const [first, second] = (await podsOf(world)).sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
    const isReady = first!.status.conditions.find(({ type }: Json) => type === 'Ready');
    assert.ok(Date.parse(second!.metadata.creationTimestamp) >= Date.parse(isReady.lastTransitionTime));
    assert.equal(second!.metadata.labels['apps.kubernetes.io/pod-index'], '1');
    assert.equal(second!.metadata.labels['statefulset.kubernetes.io/pod-name'], 'some-1');
    assert.deepEqual([second!.spec.hostname, second!.spec.subdomain], ['some-1', 'some']);
  },
  'Parallel makes them all at once, ready or not': async (world) => {
    await create(world, 3, { podManagementPolicy: 'Parallel' }, never);
    await eventually('three pods', async () => (await podsOf(world)).length === 3);
  },
  'a pod that is deleted comes back under its name': async (world) => {
    await create(world, 1);
    await settled(world, 1);
    const [before] = await podsOf(world);
    ok(await world.api.delete(world.core('pods/some-0')));
    const after = await eventually('another one', async () => {
      const [now] = await podsOf(world);
      return now && now.metadata.uid !== before!.metadata.uid && now;
    });
    assert.equal(after.metadata.name, 'some-0');
  },
  'a smaller set gives up the highest numbers': async (world) => {
    await create(world, 3, { podManagementPolicy: 'Parallel' });
    await settled(world, 3);
    await change(world, { replicas: 1 });
    await settled(world, 1);
    assert.deepEqual(await names(world), ['some-0']);
  },
  'a roll replaces every pod, and leaves two revisions': async (world) => {
    await create(world, 2, { podManagementPolicy: 'Parallel' });
    const before = await settled(world, 2);
    await change(world, answer('two'));
    await eventually('the roll is over', async () => {
      const { status } = await some(world);
      return status.updateRevision !== before.status.updateRevision && status.currentRevision === status.updateRevision;
    });
    assert.deepEqual(await answers(world), ['two', 'two']);
    const { items } = ok(await world.api.get(world.apps('controllerrevisions')));
    assert.deepEqual(items.map(({ revision }: Json) => revision).sort(), [1, 2]);
    assert.equal(items[0].metadata.ownerReferences[0].kind, 'StatefulSet');
  },
  'a roll leaves pods below the partition': async (world) => {
    const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { partition: 1 } };
    await create(world, 2, { podManagementPolicy: 'Parallel', updateStrategy });
    await settled(world, 2);
    await change(world, answer('two'));
    await eventually('the upper one is new', async () => (await answers(world))[1] === 'two');
    const { status } = await settled(world, 2);
    assert.deepEqual(await answers(world), [null, 'two']);
    assert.deepEqual([status.updatedReplicas, status.currentReplicas], [1, 1]);
  },
  'OnDelete rolls nothing by itself': async (world) => {
    await create(world, 1, { updateStrategy: { type: 'OnDelete' } });
    await settled(world, 1);
    await change(world, answer('two'));
    const { status } = await settled(world, 1);
    assert.notEqual(status.currentRevision, status.updateRevision);
    assert.deepEqual(await answers(world), [null]);
    ok(await world.api.delete(world.core('pods/some-0')));
    await eventually('the new one', async () => (await answers(world))[0] === 'two');
  },
  'its pods resolve below their headless Service, also before they are ready': async (world) => {
    const { api, core, namespace } = world;
    ok(await api.post(core('services'), service('some', { clusterIP: 'None', publishNotReadyAddresses: true })));
    await create(world, 2, { podManagementPolicy: 'Parallel' }, never);
    const addresses = await eventually('both have an address', async () => {
      const ips = Object.fromEntries(
        (await podsOf(world)).map(({ metadata, status }) => [metadata.name, status.podIP]),
      );
      return ips['some-0'] && ips['some-1'] && [ips['some-0'], ips['some-1']];
    });
    const endpoints = await eventually('both are in the slice', async () => {
      const path = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`;
      const all = ok(await api.get(path)).items.flatMap((slice: Json) => slice.endpoints ?? []);
      return all.length === 2 && all;
    });
    assert.deepEqual(endpoints.map(({ hostname }: Json) => hostname).sort(), ['some-0', 'some-1']);
    const both = JSON.stringify(['some-0.some', `some-1.some.${namespace}.svc`]);
    const body = `return Promise.all(${both}.map(async (name) => (await dns.lookup(name)).address));`;
    assert.deepEqual(await found(world, body), addresses);
  },
  'a budget goes by the replicas it wants': async (world) => {
    const { api, namespace } = world;
    await create(world, 2, { podManagementPolicy: 'Parallel' });
    const path = `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`;
    const budget = { maxUnavailable: '50%', selector: { matchLabels: { app: 'some' } } };
    ok(
      await api.post(path, {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name: 'some' },
        spec: budget,
      }),
    );
    await eventually('one may go', async () => {
      const { status } = ok(await api.get(`${path}/some`));
      return status?.expectedPods === 2 && status.desiredHealthy === 1 && status.disruptionsAllowed === 1;
    });
  },
  'an autoscaler brings it to its bounds': async (world) => {
    const { api, namespace } = world;
    await create(world, 1, { podManagementPolicy: 'Parallel' });
    const spec = {
      ...{ minReplicas: 2, maxReplicas: 3 },
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'some' },
    };
    const path = `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`;
    const scaler = { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name: 'some' }, spec };
    ok(await api.post(path, scaler));
    await eventually('two replicas', async () => (await some(world)).spec.replicas === 2);
  },
  'a name that somebody else has taken is waited for': async (world) => {
    const { api, core } = world;
    ok(await api.post(core('pods'), pod('some-0', idle, {}, {}, { labels: { app: 'other' } })));
    await ready(world, 'some-0');
    await create(world, 1);
    await eventually('the set was seen', async () => (await some(world)).status.updateRevision);
    assert.deepEqual(await names(world), []);
    ok(await api.delete(core('pods/some-0')));
    await eventually('a pod of its own', async () => (await names(world)).length === 1);
  },
});

import assert from 'node:assert/strict';
import type { Json } from '../api.ts';
import { topic, type World } from '../case.ts';
import { eventually } from '../eventually.ts';
import { ok } from '../expect.ts';
import { deployment, idle, pod, replicaSet, web } from '../objects.ts';

const podsOf = async ({ api, core }: World, app = 'some'): Promise<Json[]> =>
  ok(await api.get(core(`pods?labelSelector=app%3D${app}`))).items;
const setsOf = async ({ api, apps }: World): Promise<Json[]> => ok(await api.get(apps('replicasets'))).items;
const live = (pods: Json[]) => pods.filter(({ metadata }) => !metadata.deletionTimestamp);
const condition = ({ status }: Json, type: string) => status.conditions?.find((one: Json) => one.type === type);

/** The Deployment, once `replicas` of its newest kind are available and no others are there. */
const complete = ({ api, apps }: World, replicas: number) =>
  eventually(`${replicas} replicas are available`, async () => {
    const some = ok(await api.get(apps('deployments/some')));
    const { updatedReplicas = 0, availableReplicas = 0, replicas: all = 0, observedGeneration } = some.status;
    const there = [updatedReplicas, availableReplicas, all].every((count) => count === replicas);
    return there && observedGeneration === some.metadata.generation && some;
  });
const rollTo = ({ api, apps }: World, value: string) =>
  api.patch(apps('deployments/some'), 'strategic-merge', {
    spec: { template: { spec: { containers: [{ name: 'main', env: [{ name: 'ANSWER', value }] }] } } },
  });

export const workloads = topic('workloads', {
  'a Deployment makes a ReplicaSet, which makes pods': async (world) => {
    ok(await world.api.post(world.apps('deployments'), deployment('some', 2)));
    const some = await complete(world, 2);
    assert.equal(condition(some, 'Available').status, 'True');
    const progressing = await eventually('the roll is over', async () => {
      const one = condition(ok(await world.api.get(world.apps('deployments/some'))), 'Progressing');
      return one?.reason === 'NewReplicaSetAvailable' && one;
    });
    assert.equal(progressing.status, 'True');
    const [set] = await setsOf(world);
    assert.deepEqual(
      set.metadata.ownerReferences.map(({ kind, name, controller }: Json) => [kind, name, controller]),
      [['Deployment', 'some', true]],
    );
    for (const { metadata } of await podsOf(world)) assert.equal(metadata.ownerReferences[0].name, set.metadata.name);
  },
  'a ReplicaSet of a Deployment bears the hash of its template': async (world) => {
    ok(await world.api.post(world.apps('deployments'), deployment('some', 0)));
    const [set] = await eventually('the ReplicaSet is there', async () => {
      const sets = await setsOf(world);
      return sets.length > 0 && sets;
    });
    const hash = set.metadata.labels['pod-template-hash'];
    assert.equal(set.metadata.name, `some-${hash}`);
    assert.equal(set.spec.selector.matchLabels['pod-template-hash'], hash);
  },
  'a Deployment notes its revision': async (world) => {
    ok(await world.api.post(world.apps('deployments'), deployment('some', 0)));
    const revision = async () =>
      ok(await world.api.get(world.apps('deployments/some'))).metadata.annotations?.[
        'deployment.kubernetes.io/revision'
      ];
    await eventually('the first revision', async () => (await revision()) === '1');
    ok(await rollTo(world, 'two'));
    await eventually('the second revision', async () => (await revision()) === '2');
    assert.equal((await setsOf(world)).length, 2);
  },
  'scaling makes and ends pods': async (world) => {
    ok(await world.api.post(world.apps('deployments'), deployment('some', 1)));
    await complete(world, 1);
    ok(await world.api.patch(world.apps('deployments/some'), 'merge', { spec: { replicas: 3 } }));
    await complete(world, 3);
    ok(await world.api.patch(world.apps('deployments/some'), 'merge', { spec: { replicas: 1 } }));
    await complete(world, 1);
  },
  'a roll replaces every pod, and never has fewer available than allowed': async (world) => {
    const readinessProbe = { tcpSocket: { port: 8080 }, periodSeconds: 1 };
    const strategy = { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } };
    ok(await world.api.post(world.apps('deployments'), deployment('some', 2, web, { strategy }, { readinessProbe })));
    await complete(world, 2);
    const before = new Set((await podsOf(world)).map(({ metadata }) => metadata.uid));
    const events = await world.api.watch(world.apps('deployments?fieldSelector=metadata.name%3Dsome'));
    const { generation } = ok(await rollTo(world, 'two')).metadata;
    await events.until(({ object }) => {
      assert.ok((object.status.availableReplicas ?? 0) >= 2, 'fewer than two were available');
      assert.ok((object.status.replicas ?? 0) <= 3, 'more than three were there');
      const { observedGeneration, updatedReplicas, replicas } = object.status;
      return observedGeneration >= generation && updatedReplicas === 2 && replicas === 2;
    });
    events.close();
    for (const { metadata } of live(await podsOf(world))) assert.ok(!before.has(metadata.uid));
  },
  'Recreate ends the old before it makes the new': async (world) => {
    const strategy = { type: 'Recreate' };
    ok(await world.api.post(world.apps('deployments'), deployment('some', 1, idle, { strategy })));
    await complete(world, 1);
    const [old] = await podsOf(world);
    ok(await rollTo(world, 'two'));
    await eventually('the new pod is there, alone', async () => {
      const pods = await podsOf(world);
      const both = pods.length > 1 && pods.some(({ metadata }) => metadata.uid === old.metadata.uid);
      const ended = pods.find(({ metadata }) => metadata.uid === old.metadata.uid)?.status.phase;
      assert.ok(!both || ended === 'Succeeded' || ended === 'Failed', 'old and new ran side by side');
      return pods.length === 1 && pods[0].metadata.uid !== old.metadata.uid;
    });
    await complete(world, 1);
  },
  'a paused Deployment does not roll': async (world) => {
    ok(await world.api.post(world.apps('deployments'), deployment('some', 0, idle, { paused: true })));
    await eventually('it was seen', async () => {
      const { metadata, status } = ok(await world.api.get(world.apps('deployments/some')));
      return status.observedGeneration === metadata.generation;
    });
    assert.equal((await setsOf(world)).length, 0);
    ok(await world.api.patch(world.apps('deployments/some'), 'merge', { spec: { paused: false } }));
    await eventually('it rolls', async () => (await setsOf(world)).length === 1);
  },
  'going back to an earlier template takes its ReplicaSet up again': async (world) => {
    ok(await world.api.post(world.apps('deployments'), deployment('some', 0)));
    await eventually('the first', async () => (await setsOf(world)).length === 1);
    const [first] = await setsOf(world);
    ok(await rollTo(world, 'two'));
    await eventually('the second', async () => (await setsOf(world)).length === 2);
    const env = [{ name: 'ANSWER', $patch: 'delete' }];
    ok(
      await world.api.patch(world.apps('deployments/some'), 'strategic-merge', {
        spec: { template: { spec: { containers: [{ name: 'main', env }] } } },
      }),
    );
    await eventually('the first has the newest revision', async () => {
      const again = (await setsOf(world)).find(({ metadata }) => metadata.uid === first.metadata.uid);
      return again?.metadata.annotations['deployment.kubernetes.io/revision'] === '3';
    });
    assert.equal((await setsOf(world)).length, 2);
  },
  'old ReplicaSets are kept up to the limit': async (world) => {
    ok(await world.api.post(world.apps('deployments'), deployment('some', 0, idle, { revisionHistoryLimit: 1 })));
    for (const value of ['two', 'three', 'four']) {
      await eventually('it was seen', async () => {
        const { metadata, status } = ok(await world.api.get(world.apps('deployments/some')));
        return status.observedGeneration === metadata.generation && (await setsOf(world)).length > 0;
      });
      ok(await rollTo(world, value));
    }
    await eventually('two are left', async () => {
      const sets = await setsOf(world);
      const newest = sets.some(({ metadata }) => metadata.annotations['deployment.kubernetes.io/revision'] === '4');
      return sets.length === 2 && newest;
    });
  },
  'a roll that comes to nothing is said to be late': async (world) => {
    const slow = { progressDeadlineSeconds: 2, minReadySeconds: 1 };
    const container = { image: 'no-such-image:1' };
    ok(await world.api.post(world.apps('deployments'), deployment('some', 1, idle, slow, container)));
    await eventually('it is late', async () => {
      const some = ok(await world.api.get(world.apps('deployments/some')));
      return condition(some, 'Progressing')?.reason === 'ProgressDeadlineExceeded';
    });
  },
  'a pod that was deleted is replaced': async (world) => {
    ok(await world.api.post(world.apps('deployments'), deployment('some', 1)));
    await complete(world, 1);
    const [old] = await podsOf(world);
    ok(await world.api.delete(world.core(`pods/${old.metadata.name}`)));
    await eventually('another is ready', async () => {
      const pods = live(await podsOf(world));
      return (
        pods.length === 1 && pods[0].metadata.uid !== old.metadata.uid && condition(pods[0], 'Ready')?.status === 'True'
      );
    });
  },
  'a ReplicaSet takes in a pod that fits and has no controller': async (world) => {
    ok(await world.api.post(world.core('pods'), pod('some', idle)));
    ok(await world.api.post(world.apps('replicasets'), replicaSet('some', 1)));
    await eventually('the pod has a controller', async () => {
      const { metadata } = ok(await world.api.get(world.core('pods/some')));
      return metadata.ownerReferences?.[0]?.kind === 'ReplicaSet';
    });
    assert.equal((await podsOf(world)).length, 1);
  },
  'a ReplicaSet lets go of a pod that no longer fits, and makes another': async (world) => {
    ok(await world.api.post(world.apps('replicasets'), replicaSet('some', 1)));
    const [one] = await eventually('the pod is there', async () => {
      const pods = await podsOf(world);
      return pods.length === 1 && pods;
    });
    const path = world.core(`pods/${one.metadata.name}`);
    ok(await world.api.patch(path, 'merge', { metadata: { labels: { app: 'free' } } }));
    await eventually('it is free', async () => !ok(await world.api.get(path)).metadata.ownerReferences?.length);
    await eventually('there is another', async () => (await podsOf(world)).length === 1);
  },
  'a ReplicaSet tells how many it has': async (world) => {
    ok(await world.api.post(world.apps('replicasets'), replicaSet('some', 2)));
    const { status } = await eventually('both are available', async () => {
      const some = ok(await world.api.get(world.apps('replicasets/some')));
      return some.status.availableReplicas === 2 && some;
    });
    assert.equal(status.replicas, 2);
    assert.equal(status.readyReplicas, 2);
    assert.equal(status.fullyLabeledReplicas, 2);
  },
  'conditions of others stay on a Deployment': async (world) => {
    ok(await world.api.post(world.apps('deployments'), deployment('some', 0)));
    await complete(world, 0);
    const mine = { type: 'example.com/Mine', status: 'True', reason: 'Test', message: '', lastTransitionTime: null };
    const { status } = ok(await world.api.get(world.apps('deployments/some')));
    const change = { status: { conditions: [...(status.conditions ?? []), mine] } };
    ok(await world.api.patch(world.apps('deployments/some/status'), 'merge', change));
    ok(await rollTo(world, 'two'));
    await eventually('the roll was seen', async () => (await setsOf(world)).length === 2);
    await complete(world, 0);
    assert.ok(condition(ok(await world.api.get(world.apps('deployments/some'))), 'example.com/Mine'));
  },
  'the scale of a Deployment is read and written by itself': async (world) => {
    ok(await world.api.post(world.apps('deployments'), deployment('some', 0)));
    // Its controller writes too, until then: the Scale put back below has to be of the latest version.
    await complete(world, 0);
    const scale = ok(await world.api.get(world.apps('deployments/some/scale')));
    assert.equal(scale.kind, 'Scale');
    assert.equal(scale.apiVersion, 'autoscaling/v1');
    assert.equal(scale.spec.replicas ?? 0, 0);
    ok(await world.api.put(world.apps('deployments/some/scale'), { ...scale, spec: { replicas: 1 } }));
    assert.equal(ok(await world.api.get(world.apps('deployments/some'))).spec.replicas, 1);
    ok(await world.api.patch(world.apps('deployments/some/scale'), 'merge', { spec: { replicas: 0 } }));
    assert.equal(ok(await world.api.get(world.apps('deployments/some'))).spec.replicas, 0);
  },
  'the scale’s status has the selector as text': async (world) => {
    ok(await world.api.post(world.apps('deployments'), deployment('some', 0)));
    assert.equal(ok(await world.api.get(world.apps('deployments/some/scale'))).status.selector, 'app=some');
  },
});

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import type { V1Pod } from '@kubernetes/client-node';
import { processIdentity } from './kubelet/process-identity.ts';
import {
  newHome,
  removeHome,
  spawnCluster,
  startClusterProcess,
  tableOf,
  type ClusterProcess,
} from './testing/cluster-process.ts';
import { podName, script, web, webService } from './testing/manifests.ts';
import { until } from './testing/until.ts';

const home = newHome();
let cluster: ClusterProcess;
const namespace = 'default';

before(async () => {
  cluster = await startClusterProcess(home);
});

after(async () => {
  cluster.process.kill('SIGKILL');
  await until('everything is gone', () => tableOf(home).every((pid) => processIdentity(pid) === null));
  removeHome(home);
});

const pod = (name: string) => cluster.core.readNamespacedPod({ name, namespace });
const state = (of: V1Pod) => of.status?.containerStatuses?.[0]?.state;
const isReady = (of: V1Pod) =>
  of.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
const webPods = async () => (await cluster.core.listNamespacedPod({ namespace, labelSelector: 'app=web' })).items;
const ended = (name: string) =>
  until(`${name} has ended`, async () => {
    const { phase } = (await pod(name)).status!;
    return phase === 'Succeeded' || phase === 'Failed' ? phase : null;
  });

async function rolledOut(replicas: number): Promise<void> {
  await until(`web has ${replicas} available replicas and no others`, async () => {
    const { status, metadata } = await cluster.apps.readNamespacedDeployment({ name: 'web', namespace });
    const { updatedReplicas, availableReplicas, observedGeneration, replicas: all } = status!;
    return (
      observedGeneration === metadata!.generation &&
      [updatedReplicas, availableReplicas, all].every((count) => count === replicas)
    );
  });
}

test('a Deployment comes up, spread over the nodes, and its Service leads to it', async () => {
  await cluster.objects.create(web(3));
  await cluster.objects.create(webService);
  await rolledOut(3);
  const nodes = new Set((await webPods()).map(({ spec }) => spec!.nodeName));
  assert.equal(nodes.size, 3);
  await cluster.objects.create(
    script('caller', `fetch('http://web/').then((r) => r.text()).then(console.log)`, {}, { restartPolicy: 'Never' }),
  );
  assert.equal(await ended('caller'), 'Succeeded');
  assert.equal(await cluster.logs('caller'), 'one\n');
});

test('scaling changes the number of pods, also to none', async () => {
  const scale = (replicas: number) =>
    cluster.objects.patch({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace },
      spec: { replicas },
    } as never);
  await scale(1);
  await rolledOut(1);
  await until('two are gone', async () => (await webPods()).length === 1);
  await scale(2);
  await rolledOut(2);
});

test('a new version rolls in while every call is answered', async () => {
  const code = `
    let calls = 0, lost = 0;
    (async () => {
      for (;;) {
        const answer = await fetch('http://web/', { headers: { connection: 'close' } }).then((r) => r.text(), (error) => { lost++; console.log(error.cause?.code); });
        calls++;
        if (answer === 'two' && !globalThis.end) globalThis.end = Date.now() + 500;
        if (Date.now() > globalThis.end) { console.log('lost ' + lost); process.exit(0); }
        await new Promise((r) => setTimeout(r, 5));
      }
    })();`;
  await cluster.objects.create(script('steady-caller', code, {}, { restartPolicy: 'Never' }));
  await until('the caller runs', async () => (await pod('steady-caller')).status?.phase === 'Running');
  await cluster.objects.patch(web(2, { VERSION: 'two' }) as never);
  await rolledOut(2);
  assert.equal(await ended('steady-caller'), 'Succeeded');
  assert.match(await cluster.logs('steady-caller'), /^lost 0$/m);
});

test('a version that never becomes ready gets no traffic, and the old one stays', async () => {
  await until('the version before has left', async () => (await webPods()).length === 2);
  await cluster.objects.patch(web(2, { VERSION: 'three', READY: 'no' }) as never);
  const bad = await until('a pod of it runs', async () =>
    (await webPods()).find(
      (candidate) =>
        candidate.spec!.containers[0]!.env!.some(({ value }) => value === 'no') &&
        candidate.status?.phase === 'Running',
    ),
  );
  const slices = await until('its endpoint is listed, not ready', async () => {
    const { items } = await cluster.objects.list('discovery.k8s.io/v1', 'EndpointSlice', namespace);
    const endpoints = (
      items as unknown as {
        endpoints?: { conditions: { ready: boolean }; targetRef?: { name: string } }[];
      }[]
    )
      .flatMap((slice) => slice.endpoints ?? [])
      .filter(({ targetRef }) => targetRef?.name.startsWith('web-'));
    return endpoints.some(({ targetRef }) => targetRef!.name === bad.metadata!.name) && endpoints;
  });
  assert.deepEqual(
    slices.filter(({ conditions }) => !conditions.ready).map(({ targetRef }) => targetRef!.name),
    [bad.metadata!.name],
  );
  assert.equal((await webPods()).filter(isReady).length, 2);
  await cluster.objects.delete(web(0));
  await until('its pods are collected', async () => (await webPods()).length === 0);
});

test('the environment comes from ConfigMap, Secret and the pod; a missing ConfigMap is waited for', async () => {
  const env = [
    podName,
    { name: 'COLOUR', valueFrom: { configMapKeyRef: { name: 'settings', key: 'colour' } } },
    { name: 'KEY', valueFrom: { secretKeyRef: { name: 'keys', key: 'key' } } },
    { name: 'BOTH', value: '$(COLOUR)-$(KEY)' },
  ];
  const code = 'console.log(process.env.POD, process.env.BOTH)';
  await cluster.objects.create(script('env', code, { env }, { restartPolicy: 'Never' }));
  const waiting = await until('it waits', async () => {
    const found = state(await pod('env'))?.waiting;
    return found?.message ? found : null;
  });
  assert.deepEqual([waiting.reason, waiting.message], ['CreateContainerConfigError', 'configmap "settings" not found']);
  await cluster.core.createNamespacedSecret({
    namespace,
    body: { metadata: { name: 'keys' }, stringData: { key: 'sesame' } },
  });
  await cluster.core.createNamespacedConfigMap({
    namespace,
    body: { metadata: { name: 'settings' }, data: { colour: 'blue' } },
  });
  assert.equal(await ended('env'), 'Succeeded');
  assert.equal(await cluster.logs('env'), 'env blue-sesame\n');
});

test('a crashing container is restarted at once, then with back-off, and its last words are kept', async () => {
  await cluster.objects.create(script('crash', 'console.log(process.pid); process.exit(3)'));
  const status = await until('it backs off', async () => {
    const found = (await pod('crash')).status?.containerStatuses?.[0];
    return found?.restartCount === 3 && found.state?.waiting?.reason === 'CrashLoopBackOff' && found;
  });
  assert.equal(status.lastState?.terminated?.exitCode, 3);
  assert.match(status.state!.waiting!.message!, /^back-off 4s/);
  const lastWords = await cluster.logs('crash');
  assert.match(lastWords, /^\d+\n$/);
  assert.equal(
    await cluster.logs('crash', { previous: true }),
    lastWords,
    'the run that has just ended, not an older one',
  );
  const { items } = await cluster.core.listNamespacedEvent({ namespace, fieldSelector: 'involvedObject.name=crash' });
  const reasons = new Set(items.map(({ reason }) => reason));
  for (const reason of ['Scheduled', 'Pulled', 'Created', 'Started', 'BackOff']) assert.ok(reasons.has(reason), reason);
});

test('a container that outgrows its memory limit is OOMKilled', async () => {
  const code = 'const kept = []; setInterval(() => kept.push(Buffer.alloc(4e6, 1)), 5)';
  const container = { resources: { limits: { memory: '96Mi' } } };
  await cluster.objects.create(script('leak', code, container, { restartPolicy: 'Never' }));
  assert.equal(await ended('leak'), 'Failed');
  const { terminated } = state(await pod('leak'))!;
  assert.deepEqual([terminated!.reason, terminated!.exitCode], ['OOMKilled', 137]);
});

test('an unknown image ends in ImagePullBackOff, and an event lists the images there are', async () => {
  await cluster.objects.create(script('stranger', '', { image: 'nginx:1.29' }));
  await until('it backs off', async () => state(await pod('stranger'))?.waiting?.reason === 'ImagePullBackOff');
  const { items } = await cluster.core.listNamespacedEvent({
    namespace,
    fieldSelector: 'involvedObject.name=stranger',
  });
  assert.ok(items.some(({ message }) => /"nginx:1.29".*breakwater\/gateway:\*, .*postgres:\*/.test(message ?? '')));
});

test('a failing liveness probe restarts the container', async () => {
  const livenessProbe = { tcpSocket: { port: 8080 }, periodSeconds: 1, failureThreshold: 1 };
  await cluster.objects.create(script('deaf', 'setInterval(() => {}, 1000)', { livenessProbe }));
  await until('it is restarted', async () => (await pod('deaf')).status?.containerStatuses?.[0]?.restartCount === 1);
});

test('deleting a pod asks it to end, and its log can be followed to the last word', async () => {
  const code = `console.log('hello'); process.on('SIGTERM', () => { console.log('bye'); process.exit(0); }); setInterval(() => {}, 1000)`;
  await cluster.objects.create(script('polite', code));
  await until('it says hello', async () => (await cluster.logs('polite').catch(() => '')) === 'hello\n');
  const all = cluster.logs('polite', { follow: true });
  await cluster.core.deleteNamespacedPod({ name: 'polite', namespace });
  assert.equal(await all, 'hello\nbye\n');
  await until('it is gone', () =>
    pod('polite').then(
      () => false,
      (error) => error.code === 404,
    ),
  );
});

test('a pod that does not listen is killed after its grace period, at once when forced', async () => {
  const code = `process.on('SIGTERM', () => {}); console.log(process.pid); setInterval(() => {}, 1000)`;
  for (const [name, gracePeriodSeconds] of [
    ['stubborn', 1],
    ['forced', 0],
  ] as const) {
    await cluster.objects.create(script(name, code));
    const pid = await until('it runs', async () => Number(await cluster.logs(name).catch(() => '')) || null);
    await cluster.core.deleteNamespacedPod({ name, namespace, gracePeriodSeconds });
    // Well before the grace period of the pod itself, which is 30 s.
    await until('its process is gone', () => processIdentity(pid) === null, 20);
    await until('it is gone', () =>
      pod(name).then(
        () => false,
        (error) => error.code === 404,
      ),
    );
  }
});

test('a deletion that is hastened leaves the process the shorter time', async () => {
  const code = `process.on('SIGTERM', () => {}); console.log(process.pid); setInterval(() => {}, 1000)`;
  await cluster.objects.create(script('hastened', code));
  const pid = await until('it runs', async () => Number(await cluster.logs('hastened').catch(() => '')) || null);
  const remove = (gracePeriodSeconds: number) =>
    cluster.core.deleteNamespacedPod({ name: 'hastened', namespace, gracePeriodSeconds });
  await remove(300);
  assert.notEqual(processIdentity(pid), null);
  await remove(1);
  await until('its process is gone', () => processIdentity(pid) === null, 60);
});

test('init containers run first, one after the other', async () => {
  const init = (name: string) => ({ name, image: 'node:24', command: ['node', '-e', `console.log('${name}')`] });
  await cluster.objects.create(
    script(
      'prepared',
      `console.log('main')`,
      {},
      { restartPolicy: 'Never', initContainers: [init('first'), init('second')] },
    ),
  );
  assert.equal(await ended('prepared'), 'Succeeded');
  const finished = (await pod('prepared')).status!.initContainerStatuses!.map(
    (status) => status.state?.terminated?.reason,
  );
  assert.deepEqual(finished, ['Completed', 'Completed']);
});

test('a second cluster in the same home is turned away, and the first one is not touched', async () => {
  const second = spawnCluster(home);
  const [code] = await once(second, 'exit');
  assert.equal(code, 1);
  assert.equal((await cluster.core.listNode()).items.length, 3);
});

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import type { FaultSpec } from '../faults/fault-object.ts';
import type { Fault } from './kinds/types.ts';
import { processIdentity } from './kubelet/process-identity.ts';
import {
  killed,
  newHome,
  removeHome,
  startClusterProcess,
  tableOf,
  type ClusterProcess,
} from './testing/cluster-process.ts';
import { script, web, webService } from './testing/manifests.ts';
import { until } from './testing/until.ts';

const home = newHome();
const namespace = 'default';
const apiVersion = 'faults.breakwater.dev/v1alpha1';
let cluster: ClusterProcess;

/** Calls web again and again over one connection, and prints how many ms each call took. */
const caller = `
const { Agent, get } = require('node:http');
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
(function call() {
  const since = performance.now();
  const done = () => { console.log(Math.round(performance.now() - since)); setTimeout(call, 20); };
  get('http://web/', { agent }, (response) => response.resume().once('end', done)).once('error', () => setTimeout(call, 20));
})();`;

function webWithLimit() {
  const deployment = web(1);
  deployment.spec!.template.spec!.containers[0]!.resources = { limits: { memory: '256Mi' } };
  return deployment;
}

before(async () => {
  cluster = await startClusterProcess(home);
  const { spec } = script('caller', caller);
  const labels = { app: 'caller' };
  const template = { metadata: { labels }, spec: spec! };
  const metadata = { name: 'caller', namespace };
  for (const object of [
    webWithLimit(),
    webService,
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { selector: { matchLabels: labels }, template } },
  ]) {
    await cluster.objects.create(object);
  }
  await until('calls are answered', () => lastCall().then((ms) => ms !== undefined));
});

after(async () => {
  cluster.process.kill('SIGKILL');
  await until('everything is gone', () => tableOf(home).every((pid) => processIdentity(pid) === null));
  removeHome(home);
});

async function callerPod(): Promise<string> {
  const { items } = await cluster.core.listNamespacedPod({ namespace, labelSelector: 'app=caller' });
  return items[0]?.metadata?.name ?? '';
}

async function calls(): Promise<number[]> {
  const printed = await cluster.logs(await callerPod()).catch(() => ''); // it has not started yet
  return printed.split('\n').filter(Boolean).map(Number);
}

async function lastCall(): Promise<number | undefined> {
  return (await calls()).at(-1);
}

async function slow(name: string, duration: string, delayMs: number): Promise<void> {
  const parameters = { delayMs, jitterMs: 0 };
  const spec: Partial<FaultSpec> = { type: 'edge-latency', target: { edge: 'caller>web' }, duration, parameters };
  await cluster.objects.create({ apiVersion, kind: 'Fault', metadata: { name, namespace }, spec } as object);
}

async function fault(name: string): Promise<Fault> {
  return (await cluster.objects.read({ apiVersion, kind: 'Fault', metadata: { name, namespace } })) as unknown as Fault;
}

test('a fault made by hand acts on a live connection, and its status tells what it does', async () => {
  await slow('by-hand', '60s', 100);
  const { status } = await until('its first effect is told', async () => {
    const found = await fault('by-hand');
    return (found.status?.counts?.delayed ?? 0) > 0 && found;
  });
  assert.deepEqual([status?.phase, status?.pods], ['Active', [await callerPod()]]);
  await until('a call took longer', async () => (await lastCall())! >= 200);
  await cluster.objects.delete({ apiVersion, kind: 'Fault', metadata: { name: 'by-hand', namespace } });
  await assert.rejects(
    until('it is gone', () => fault('by-hand').then(() => false)),
    /not found/,
  );
  await until('calls are quick again', async () => (await lastCall())! < 200);
});

test('it ends by itself while the cluster process is stopped', async () => {
  await slow('lease', '3s', 200);
  await until('calls are slow', async () => (await lastCall())! >= 400);
  const before = (await calls()).length;
  cluster.process.kill('SIGSTOP');
  // Nobody can be asked; what the caller printed meanwhile is read once the cluster goes on.
  spawnSync('sleep', ['5']);
  cluster.process.kill('SIGCONT');
  const meanwhile = (await calls()).slice(before);
  assert.ok(meanwhile.filter((ms) => ms < 200).length > 20, meanwhile.join(' '));
  await until('it has ended', async () => (await fault('lease')).status?.phase === 'Ended');
});

async function act(name: string, spec: Partial<FaultSpec>): Promise<void> {
  await cluster.objects.create({ apiVersion, kind: 'Fault', metadata: { name, namespace }, spec } as object);
}

const ended = (name: string) => async () => (await fault(name)).status?.phase === 'Ended';

test('what is frozen goes on by itself while the cluster process is stopped', async () => {
  await act('frozen', { type: 'pod-freeze', target: { service: 'web' }, duration: '2s' });
  await until('it is frozen', async () => ((await fault('frozen')).status?.pods?.length ?? 0) > 0);
  const before = (await calls()).length;
  cluster.process.kill('SIGSTOP');
  spawnSync('sleep', ['3']);
  cluster.process.kill('SIGCONT');
  const meanwhile = (await calls()).slice(before);
  assert.ok(
    meanwhile.some((ms) => ms > 1_000) && meanwhile.slice(-10).every((ms) => ms < 1_000),
    `one call waited, and then no more: ${meanwhile.join(' ')}`,
  );
  await until('it has ended', ended('frozen'));
});

test('stop all ends a freeze in less than two seconds, and proves it', async () => {
  await act('frozen-again', { type: 'pod-freeze', target: { service: 'web' }, duration: '600s' });
  await until('it is frozen', async () => ((await fault('frozen-again')).status?.pods?.length ?? 0) > 0);
  const since = performance.now();
  const block = { apiVersion, kind: 'FaultBlock', metadata: { name: 'stop-all', namespace } };
  await cluster.objects.create(block);
  await until('it is proven', async () => {
    const { status } = (await cluster.objects.read(block)) as unknown as { status?: { remaining?: string[] } };
    return status?.remaining?.length === 0;
  });
  assert.ok(performance.now() - since < 2_000);
  await cluster.objects.delete(block);
  const answered = (await calls()).length;
  await until('calls are answered', async () => (await calls()).length > answered + 10);
});

test('a leak ends its container as OOMKilled, says how often, and leaves it well', async () => {
  await act('leak', { type: 'memory-leak', target: { service: 'web' }, parameters: { megabytes: 1_000 } });
  await until('it was killed', async () => ((await fault('leak')).status?.counts?.killed ?? 0) > 0);
  const { items } = await cluster.core.listNamespacedPod({ namespace, labelSelector: 'app=web' });
  const [status] = items[0]!.status!.containerStatuses!;
  const { reason, exitCode } = (status!.lastState?.terminated ?? status!.state?.terminated)!;
  assert.deepEqual([reason, exitCode], ['OOMKilled', 137]);
  await cluster.objects.delete({ apiVersion, kind: 'Fault', metadata: { name: 'leak', namespace } });
  const answered = (await calls()).length;
  await until('calls are answered', async () => (await calls()).length > answered + 10);
});

test('a node that is down runs nothing and says nothing, and starts what was on it once it is back', async () => {
  const webPod = async () => (await cluster.core.listNamespacedPod({ namespace, labelSelector: 'app=web' })).items[0]!;
  const { spec, status } = await webPod();
  const node = spec!.nodeName!;
  const renewed = async () => {
    const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' };
    const metadata = { name: node, namespace: 'kube-node-lease' };
    return ((await cluster.objects.read({ ...lease, metadata })) as { spec?: { renewTime?: Date } }).spec?.renewTime;
  };
  await act('power-cut', { type: 'node-down', target: { node }, duration: '60s' });
  await until('it is down', async () => ((await fault('power-cut')).status?.counts?.killed ?? 0) > 0);
  const last = await renewed();
  await assert.rejects(cluster.logs((await webPod()).metadata!.name!), 'its kubelet does not answer');
  await cluster.objects.delete({ apiVersion, kind: 'Fault', metadata: { name: 'power-cut', namespace } });
  await until('it runs again', async () => {
    const [container] = (await webPod()).status?.containerStatuses ?? [];
    return container?.ready && container.restartCount === (status!.containerStatuses![0]!.restartCount ?? 0) + 1;
  });
  assert.notDeepEqual(await renewed(), last);
  await until('calls are answered', () => lastCall().then((ms) => ms !== undefined));
});

test('after the death of the cluster process the next one goes on with what is left, and stop all outlives it too', async () => {
  await slow('survivor', '600s', 100);
  await until('it counts', async () => ((await fault('survivor')).status?.counts?.delayed ?? 0) > 2);
  const { status } = await fault('survivor');
  await act('frozen-to-death', { type: 'pod-freeze', target: { service: 'web' }, duration: '2s' });
  await until('it is frozen', async () => ((await fault('frozen-to-death')).status?.pods?.length ?? 0) > 0);
  await killed(cluster);
  cluster = await startClusterProcess(home);
  await until('what was frozen is over', ended('frozen-to-death'));
  const { counts } = await until('it counts on', async () => {
    const now = (await fault('survivor')).status!;
    return now.counts!.delayed > status!.counts!.delayed && now;
  });
  assert.ok(counts!.delayed > status!.counts!.delayed);
  assert.equal((await fault('survivor')).status?.endsAt, status?.endsAt);
  await until('calls are slow again', async () => ((await lastCall()) ?? 0) >= 200);

  const block = { apiVersion, kind: 'FaultBlock', metadata: { name: 'stop-all', namespace } };
  await cluster.objects.create(block);
  await until('it is proven', async () => {
    const { status } = (await cluster.objects.read(block)) as unknown as { status?: { remaining?: string[] } };
    return status?.remaining?.length === 0;
  });
  await killed(cluster);
  cluster = await startClusterProcess(home);
  await slow('refused', '60s', 100);
  const refused = await until('it is refused', async () => {
    const { status } = await fault('refused');
    return status?.phase !== undefined && status;
  });
  assert.equal(refused.phase, 'Refused');
  assert.match(refused.reason!, /kubectl delete faultblock --all/);
});

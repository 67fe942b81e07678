import assert from 'node:assert/strict';
import { topic } from '../case.ts';
import { eventually } from '../eventually.ts';
import { idle, pod, web } from '../objects.ts';
import { condition, container, inPhase, log, make, read, ready, row } from '../pods.ts';

const once = { restartPolicy: 'Never' };
const init = (name: string, code: string, more: object = {}) => ({
  ...{ name, image: 'node:24', command: ['node', '-e', code] },
  ...more,
});
const sidecar = (name: string, code: string, more: object = {}) =>
  init(name, code, { restartPolicy: 'Always', ...more });
/** Says when it is asked to go, and goes so many ms later. */
const leaving = (ms: number) =>
  `process.on('SIGTERM', () => { console.log(Date.now()); setTimeout(() => process.exit(0), ${ms}); });
   setInterval(() => {}, 1000)`;

export const initContainers = topic('init containers', {
  'how far they have come is told': async (world) => {
    const initContainers = [init('first', '0'), init('second', idle)];
    await make(world, pod('some', idle, {}, { initContainers }));
    await eventually('the second runs', async () => (await container(world, 'second'))?.state.running);
    const some = await read(world);
    assert.equal(some.status.phase, 'Pending');
    assert.deepEqual((await container(world)).state, { waiting: { reason: 'PodInitializing' } });
    assert.equal(condition(some, 'Initialized').status, 'False');
    assert.equal(condition(some, 'Initialized').reason, 'ContainersNotInitialized');
    assert.equal(condition(some, 'Initialized').message, 'containers with incomplete status: [second]');
    assert.equal((await row(world)).Status, 'Init:1/2');
    assert.equal((await row(world)).Ready, '0/1');
  },
  'one that fails is tried again, and the pod says so': async (world) => {
    await make(world, pod('some', idle, {}, { initContainers: [init('first', 'process.exit(1)')] }));
    await eventually('it was started again', async () => (await container(world, 'first'))?.restartCount >= 1);
    await eventually('it waits', async () => (await row(world)).Status === 'Init:CrashLoopBackOff');
    assert.equal((await read(world)).status.phase, 'Pending');
  },
  'one that fails in a pod that shall not be restarted is an error': async (world) => {
    await make(world, pod('some', idle, {}, { ...once, initContainers: [init('first', 'process.exit(1)')] }));
    await inPhase(world, 'Failed');
    assert.equal((await row(world)).Status, 'Init:Error');
    assert.equal((await container(world, 'first')).restartCount, 0);
  },
  'one that ended well is ready': async (world) => {
    await make(world, pod('some', idle, {}, { initContainers: [init('first', '0')] }));
    await ready(world);
    assert.equal((await container(world, 'first')).ready, true);
    assert.equal((await container(world, 'first')).state.terminated.reason, 'Completed');
  },
});

export const sidecars = topic('sidecars', {
  'one runs beside the containers, and counts among the ready ones': async (world) => {
    await make(world, pod('some', idle, {}, { initContainers: [sidecar('beside', idle)] }));
    await ready(world);
    const beside = await container(world, 'beside');
    assert.ok(beside.state.running);
    assert.equal(beside.ready, true);
    assert.equal(beside.started, true);
    assert.equal((await row(world)).Ready, '2/2');
    assert.equal((await row(world)).Status, 'Running');
  },
  'a pod is not ready before its sidecar is': async (world) => {
    const readinessProbe = { tcpSocket: { port: 9 }, periodSeconds: 1 };
    await make(world, pod('some', idle, {}, { initContainers: [sidecar('beside', idle, { readinessProbe })] }));
    await eventually('the container runs', async () => (await container(world))?.ready);
    assert.equal(condition(await read(world), 'Ready').status, 'False');
    assert.equal(condition(await read(world), 'Ready').message, 'containers with unready status: [beside]');
    assert.equal((await row(world)).Ready, '1/2');
  },
  'what comes after one waits for its startup probe': async (world) => {
    const startupProbe = { tcpSocket: { port: 8080 }, periodSeconds: 1, failureThreshold: 30 };
    const initContainers = [sidecar('beside', `setTimeout(() => { ${web} }, 2000)`, { startupProbe })];
    const code = `fetch('http://127.0.0.1:8080').then((response) => response.text()).then(console.log)`;
    await make(world, pod('some', code, {}, { ...once, initContainers }));
    await eventually('it starts up', async () => (await container(world, 'beside'))?.state.running);
    assert.equal((await container(world, 'beside')).started, false);
    assert.equal((await row(world)).Status, 'Init:0/1');
    await inPhase(world, 'Succeeded');
    assert.equal(await log(world, '?container=main'), 'hello\n');
  },
  'one that ends is started again, also in a pod that is not': async (world) => {
    await make(
      world,
      pod('some', idle, {}, { ...once, initContainers: [sidecar('beside', 'setTimeout(() => {}, 2000)')] }),
    );
    await eventually('it was started again', async () => (await container(world, 'beside'))?.restartCount >= 1);
    assert.ok((await container(world)).state.running);
    assert.equal((await container(world)).restartCount, 0);
  },
  'a pod whose containers have ended is done, whatever its sidecars do': async (world) => {
    await make(world, pod('some', '0', {}, { ...once, initContainers: [sidecar('beside', idle)] }));
    await inPhase(world, 'Succeeded');
    assert.equal((await container(world, 'beside')).state.terminated.exitCode, 0);
    assert.equal((await row(world)).Status, 'Completed');
    assert.equal((await row(world)).Ready, '0/2');
  },
  'they go in the reverse of their order': async (world) => {
    const initContainers = [sidecar('first', leaving(0)), sidecar('second', leaving(1500))];
    const spec = { ...once, initContainers, terminationGracePeriodSeconds: 20 };
    await make(world, pod('some', 'setTimeout(() => {}, 2000)', {}, spec));
    await inPhase(world, 'Succeeded');
    const [first, second] = await Promise.all(['first', 'second'].map((name) => log(world, `?container=${name}`)));
    assert.ok(Number(first) >= Number(second) + 1400, `${first} should be 1.5 s after ${second}`);
  },
});

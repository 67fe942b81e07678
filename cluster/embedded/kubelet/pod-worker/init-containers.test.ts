import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Container } from '../../kinds/types.ts';
import { Simulation } from './testing/simulation.ts';

const container = (name: string, more: Partial<Container> = {}): Container => ({ name, image: 'node:24', ...more });
const sidecar = (name: string, more: Partial<Container> = {}) => container(name, { restartPolicy: 'Always', ...more });
const containers = [container('main')];
const initialized = (simulation: Simulation) =>
  simulation.status.conditions!.find(({ type }) => type === 'Initialized')!;

test('init containers run one after the other, then the containers', () => {
  const initContainers = [container('first'), container('second')];
  const simulation = new Simulation(
    { initContainers, containers },
    { first: { runsMs: 1000 }, second: { runsMs: 2000 } },
  );
  simulation.pass(1.5);
  assert.equal(simulation.status.phase, 'Pending');
  assert.equal(simulation.state('main'), 'PodInitializing');
  assert.equal(initialized(simulation).message, 'containers with incomplete status: [second]');
  simulation.pass(5);
  assert.deepEqual(simulation.seen, [
    '0 first: start',
    '1 first: exit 0',
    '1 second: start',
    '3 second: exit 0',
    '3 main: start',
  ]);
  assert.equal(initialized(simulation).status, 'True');
  assert.equal(simulation.status.initContainerStatuses![0]!.ready, true);
});

test('a failing init container is started again with back-off, also in a pod that is always restarted', () => {
  const initContainers = [container('first')];
  const simulation = new Simulation({ initContainers, containers }, { first: { runsMs: 0, exitCode: 1 } });
  simulation.pass(10);
  assert.equal(simulation.record('first').restartCount, 4);
  assert.equal(simulation.state('first'), 'CrashLoopBackOff');
  assert.equal(simulation.status.phase, 'Pending');
});

test('in a pod that is never restarted it fails the pod, and sidecars end with it', () => {
  const initContainers = [sidecar('beside'), container('first')];
  const behaviours = { first: { runsMs: 1000, exitCode: 1 }, beside: { drainsMs: 2000 } };
  const simulation = new Simulation({ restartPolicy: 'Never', initContainers, containers }, behaviours);
  simulation.pass(2);
  assert.equal(simulation.status.phase, 'Pending');
  simulation.pass(2);
  assert.equal(simulation.status.phase, 'Failed');
  assert.equal(simulation.record('main').hasRun, false);
  assert.equal(simulation.seen.at(-1), '3 release');
});

test('what comes after a sidecar waits until it has started up, not until it ends', () => {
  const startupProbe = { tcpSocket: { port: 80 }, periodSeconds: 1, failureThreshold: 30 };
  const initContainers = [sidecar('beside', { startupProbe }), container('first')];
  const behaviours = {
    beside: { probe: (_: string, since: number) => ({ isWell: since >= 2000 }) },
    first: { runsMs: 1000 },
  };
  const simulation = new Simulation({ initContainers, containers }, behaviours);
  simulation.pass(10);
  const starts = simulation.seen.filter((line) => line.endsWith('start'));
  assert.deepEqual(starts, ['0 beside: start', '2 first: start', '3 main: start']);
  assert.equal(simulation.status.phase, 'Running');
});

test('a sidecar is started again whatever its exit code and the pod’s policy, without the init containers after it', () => {
  const initContainers = [sidecar('beside'), container('first')];
  const behaviours = { beside: { runsMs: 5000 }, first: { runsMs: 0 } };
  const simulation = new Simulation({ restartPolicy: 'Never', initContainers, containers }, behaviours);
  simulation.pass(8);
  assert.equal(simulation.record('beside').restartCount, 1);
  assert.equal(simulation.record('first').restartCount, 0);
  assert.equal(simulation.record('main').restartCount, 0);
  assert.equal(simulation.status.phase, 'Running');
});

test('a pod is ready only with its sidecars', () => {
  const readinessProbe = { tcpSocket: { port: 80 }, periodSeconds: 1 };
  const initContainers = [sidecar('beside', { readinessProbe })];
  const behaviours = { beside: { probe: (_: string, since: number) => ({ isWell: since >= 5000 }) } };
  const simulation = new Simulation({ initContainers, containers }, behaviours);
  const ready = () => simulation.status.conditions!.find(({ type }) => type === 'Ready')!;
  simulation.pass(1);
  assert.equal(ready().message, 'containers with unready status: [beside]');
  simulation.pass(5);
  assert.equal(ready().status, 'True');
});

test('once the containers are done sidecars go, the last one first, and the pod has succeeded', () => {
  const initContainers = [sidecar('first'), sidecar('second')];
  const behaviours = { main: { runsMs: 10_000 }, second: { drainsMs: 3000 }, first: { exitCode: 143 } };
  const simulation = new Simulation({ restartPolicy: 'Never', initContainers, containers }, behaviours);
  simulation.pass(12);
  assert.equal(simulation.status.phase, 'Running');
  simulation.pass(2);
  assert.deepEqual(simulation.seen.slice(3), [
    '10 main: exit 0',
    '10 Done',
    '10 first: terminate',
    '10 second: terminate',
    '10 second: signal',
    '13 second: exit 0',
    '13 first: signal',
    '13 first: exit 143',
    '13 release',
  ]);
  assert.equal(simulation.status.phase, 'Succeeded');
});

test('sidecars that wait for their turn get the signal when the grace is over, and two seconds more', () => {
  const initContainers = [sidecar('beside')];
  const behaviours = { main: { drainsMs: Infinity }, beside: { drainsMs: Infinity } };
  const simulation = new Simulation({ initContainers, containers }, behaviours);
  simulation.pass(10);
  simulation.delete(5);
  simulation.pass(20);
  assert.deepEqual(
    simulation.seen.filter((line) => /signal|kill/.test(line)),
    ['10 main: signal', '15 beside: signal', '15 main: kill', '17 beside: kill'],
  );
});

test('the preStop of a sidecar runs at once, while the containers still drain', () => {
  const initContainers = [sidecar('beside', { lifecycle: { preStop: { sleep: { seconds: 3 } } } })];
  const behaviours = { main: { drainsMs: 5000 }, beside: { hooks: { preStop: { takesMs: 3000 } } } };
  const simulation = new Simulation({ initContainers, containers }, behaviours);
  simulation.pass(10);
  simulation.delete(30);
  simulation.pass(20);
  assert.deepEqual(simulation.seen.slice(-3), ['15 beside: signal', '15 beside: exit 0', '15 release']);
});

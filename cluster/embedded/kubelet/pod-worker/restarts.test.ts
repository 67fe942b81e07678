import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Simulation } from './testing/simulation.ts';

const main = { name: 'main', image: 'node:24' };
const starts = (simulation: Simulation, name = 'main') =>
  simulation.seen.filter((line) => line.endsWith(` ${name}: start`)).map((line) => Number(line.split(' ')[0]));

test('a pod that runs, with nothing new, has nothing to be done', () => {
  const simulation = new Simulation({ containers: [main] });
  simulation.pass(3600);
  assert.deepEqual(simulation.seen, ['0 main: start']);
  assert.equal(simulation.status.phase, 'Running');
});

test('a crashing container is started again at once, then after 1 s, 2 s, 4 s ... 60 s', () => {
  const simulation = new Simulation({ containers: [main] }, { main: { runsMs: 0, exitCode: 1 } });
  simulation.pass(240);
  assert.deepEqual(starts(simulation), [0, 0, 1, 3, 7, 15, 31, 63, 123, 183]);
  assert.equal(simulation.state('main'), 'CrashLoopBackOff');
  assert.equal(simulation.status.phase, 'Running');
  assert.equal(simulation.record('main').restartCount, 9);
});

test('who has run for ten minutes is forgiven', () => {
  const simulation = new Simulation({ containers: [main] }, { main: { runsMs: 600_000, exitCode: 1 } });
  simulation.pass(2000);
  assert.deepEqual(starts(simulation), [0, 600, 1200, 1800]);
});

test('a back-off says how long it takes, and of which container of which pod', () => {
  const simulation = new Simulation({ containers: [main] }, { main: { runsMs: 0, exitCode: 1 } });
  simulation.pass(0.5);
  const [container] = simulation.status.containerStatuses!;
  const message = 'back-off 1s restarting failed container=main pod=p_n(u)';
  assert.deepEqual(container!.state, { waiting: { reason: 'CrashLoopBackOff', message } });
  assert.equal(container!.lastState?.terminated?.exitCode, 1);
  assert.equal(container!.restartCount, 1);
});

for (const [restartPolicy, exitCode, isRestarted, phase] of [
  ['Always', 0, true, 'Running'],
  ['Always', 1, true, 'Running'],
  ['OnFailure', 0, false, 'Succeeded'],
  ['OnFailure', 1, true, 'Running'],
  ['Never', 0, false, 'Succeeded'],
  ['Never', 1, false, 'Failed'],
] as const) {
  const what = `with restartPolicy ${restartPolicy} an exit code of ${exitCode}`;
  test(`${what} ${isRestarted ? 'brings a restart' : `makes the pod ${phase}`}`, () => {
    const simulation = new Simulation({ restartPolicy, containers: [main] }, { main: { runsMs: 1000, exitCode } });
    simulation.pass(1.5);
    assert.equal(simulation.record('main').restartCount > 0, isRestarted);
    assert.equal(simulation.status.phase, phase);
    assert.equal(simulation.seen.at(-1) === '1 release', !isRestarted);
  });
}

test('of two containers one may end, and the pod goes on', () => {
  const containers = [main, { name: 'other', image: 'node:24' }];
  const simulation = new Simulation({ restartPolicy: 'Never', containers }, { main: { runsMs: 1000, exitCode: 3 } });
  simulation.pass(5);
  assert.equal(simulation.status.phase, 'Running');
  assert.equal(simulation.state('main'), 'Error');
  assert.equal(simulation.state('other'), 'running');
});

test('what a crash loop last ended with is its end when the pod is deleted', () => {
  const simulation = new Simulation({ containers: [main] }, { main: { runsMs: 0, exitCode: 4 } });
  simulation.pass(0.5);
  simulation.delete(30);
  assert.deepEqual(simulation.seen.slice(-2), ['0.5 Deleted', '0.5 release']);
  assert.equal(simulation.status.containerStatuses![0]!.state?.terminated?.exitCode, 4);
  assert.equal(simulation.status.phase, 'Failed');
});

test('an incomplete configuration is looked for every two seconds', () => {
  const failure = { reason: 'CreateContainerConfigError', message: 'configmap "c" not found' } as const;
  const simulation = new Simulation({ containers: [main] }, { main: { startFailures: [failure, failure] } });
  simulation.pass(1);
  assert.equal(simulation.state('main'), 'CreateContainerConfigError');
  assert.equal(simulation.status.phase, 'Pending');
  simulation.pass(4);
  assert.deepEqual(starts(simulation), [0, 2, 4]);
  assert.equal(simulation.state('main'), 'running');
  assert.equal(simulation.record('main').restartCount, 0);
});

test('an image that is not there is pulled again after 10 s, 20 s, 40 s ...', () => {
  const failure = { reason: 'ErrImagePull', message: 'no such image' } as const;
  const startFailures = Array.from({ length: 5 }, () => failure);
  const simulation = new Simulation({ containers: [main] }, { main: { startFailures } });
  simulation.pass(0.5);
  assert.equal(simulation.state('main'), 'ErrImagePull');
  simulation.pass(1);
  assert.equal(simulation.state('main'), 'ImagePullBackOff');
  simulation.pass(160);
  assert.deepEqual(starts(simulation), [0, 10, 30, 70, 150]);
});

for (const reason of ['ErrImageNeverPull', 'InvalidImageName'] as const) {
  test(`${reason} stays, and is looked at again every 10 s`, () => {
    const startFailures = [1, 2].map(() => ({ reason, message: 'no' }));
    const simulation = new Simulation({ containers: [main] }, { main: { startFailures } });
    simulation.pass(9);
    assert.equal(simulation.state('main'), reason);
    simulation.pass(12);
    assert.deepEqual(starts(simulation), [0, 10, 20]);
  });
}

test('a container that cannot be started does not hold up the next', () => {
  const failure = { reason: 'RunContainerError', message: 'no such program' } as const;
  const containers = [main, { name: 'other', image: 'node:24' }];
  const simulation = new Simulation({ containers }, { main: { startFailures: [failure] } });
  simulation.pass(1);
  assert.equal(simulation.state('other'), 'running');
});

test('a pod has until its deadline, and then its grace', () => {
  const spec = { activeDeadlineSeconds: 5, terminationGracePeriodSeconds: 3, containers: [main] };
  const simulation = new Simulation(spec, { main: { drainsMs: Infinity } });
  simulation.pass(7);
  assert.equal(simulation.status.phase, 'Running');
  simulation.pass(2);
  assert.deepEqual(simulation.seen.slice(1), [
    '5 Failed',
    '5 main: terminate',
    '5 main: signal',
    '8 main: kill',
    '8 main: exit 137',
    '8 release',
  ]);
  const { phase, reason, message } = simulation.status;
  assert.deepEqual(
    { phase, reason, message },
    {
      phase: 'Failed',
      reason: 'DeadlineExceeded',
      message: 'Pod was active on the node longer than the specified deadline',
    },
  );
});

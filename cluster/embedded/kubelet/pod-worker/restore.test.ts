import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Container, Pod, PodSpec } from '../../kinds/types.ts';
import { restoreRecords } from './restore.ts';
import { Simulation, type Behaviour } from './testing/simulation.ts';

const main: Container = { name: 'main', image: 'node:24' };

/** A pod that ran for ten seconds when its node went down, on its node again. */
function afterReboot(spec: Partial<PodSpec>, behaviours: Record<string, Behaviour> = {}): Simulation {
  const whole = { containers: [main], ...spec };
  const before = new Simulation(whole, behaviours);
  before.pass(10);
  const pod = { ...before.pod, status: before.status } as Pod;
  return new Simulation(whole, {}, restoreRecords(pod, 0));
}

test('a container that ran is started again, one restart further on, and how it ended is not known', () => {
  const simulation = afterReboot({});
  simulation.pass(1);
  const [container] = simulation.status.containerStatuses!;
  assert.equal(container!.restartCount, 1);
  assert.ok(container!.state?.running);
  assert.equal(container!.lastState?.terminated?.reason, 'Unknown');
  assert.equal(container!.lastState?.terminated?.exitCode, 255);
});

test('one that must not be restarted has failed', () => {
  const simulation = afterReboot({ restartPolicy: 'Never' });
  simulation.pass(1);
  assert.deepEqual(simulation.seen, ['0 Done', '0 release']);
  assert.equal(simulation.status.phase, 'Failed');
  assert.equal(simulation.record('main').restartCount, 0);
});

test('its init containers run again before', () => {
  const simulation = afterReboot({ initContainers: [{ name: 'first', image: 'node:24' }] }, { first: { runsMs: 0 } });
  assert.deepEqual(simulation.seen, ['0 first: start']);
});

test('of two containers one that had succeeded is left alone, where only failures bring restarts', () => {
  const containers = [main, { name: 'other', image: 'node:24' }];
  const simulation = afterReboot({ restartPolicy: 'OnFailure', containers }, { other: { runsMs: 1000 } });
  simulation.pass(1);
  assert.deepEqual(simulation.seen, ['0 main: start']);
});

for (const exitCode of [0, 3]) {
  test(`a pod that is over, with exit code ${exitCode}, is not run again and keeps its status`, () => {
    const before = new Simulation({ restartPolicy: 'Never', containers: [main] }, { main: { runsMs: 1000, exitCode } });
    before.pass(10);
    const pod = { ...before.pod, status: before.status } as Pod;
    const simulation = new Simulation({ containers: [main] }, {}, restoreRecords(pod, 60_000));
    simulation.pass(60);
    assert.deepEqual(simulation.seen, []);
    const { phase, containerStatuses, startTime } = simulation.status;
    assert.deepEqual(
      { phase, containerStatuses, startTime },
      {
        phase: pod.status!.phase,
        containerStatuses: pod.status!.containerStatuses,
        startTime: pod.status!.startTime,
      },
    );
  });
}

import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { restoreRecords } from './restore.ts';
import { Simulation } from './testing/simulation.ts';

const main = { name: 'main', image: 'app:1' };

test('an ephemeral container is started in a pod that runs, and once', () => {
  const simulation = new Simulation({ containers: [main] }, { probe: { runsMs: 1000, exitCode: 1 } });
  simulation.pass(1);
  simulation.debug('probe');
  simulation.pass(30);
  deepEqual(
    simulation.seen.filter((one) => one.includes('probe')),
    ['1 probe: start', '2 probe: exit 1'],
  );
  const { containerStatuses = [], ephemeralContainerStatuses = [], conditions, phase } = simulation.status;
  deepEqual([containerStatuses.length, ephemeralContainerStatuses[0]?.state?.terminated?.exitCode], [1, 1]);
  equal(phase, 'Running');
  equal(conditions?.find(({ type }) => type === 'Ready')?.status, 'True');
});

test('it does not wait for init containers, and does not keep a pod that has ended', () => {
  const init = { name: 'init', image: 'app:1' };
  const behaviours = { init: { runsMs: 5000 }, main: { runsMs: 1000 } };
  const spec = { initContainers: [init], containers: [main], restartPolicy: 'Never' };
  const simulation = new Simulation(spec, behaviours);
  simulation.pass(1);
  simulation.debug('probe');
  simulation.pass(20);
  equal(simulation.seen.includes('1 probe: start'), true, simulation.seen.join(', '));
  equal(simulation.status.phase, 'Succeeded');
  equal(simulation.state('probe'), 'Completed');
});

test('it is not started again after a restart of the cluster', () => {
  const simulation = new Simulation({ containers: [main] });
  simulation.debug('probe');
  simulation.pass(1);
  const { status } = simulation;
  const records = restoreRecords({ ...simulation.pod, status }, simulation.now);
  const [again, once] = records.containers;
  deepEqual([again?.retry !== null, once?.name, once?.retry], [true, 'probe', null]);
});

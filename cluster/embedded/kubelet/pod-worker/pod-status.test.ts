import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod } from '../../kinds/types.ts';
import { podStatus } from './pod-status.ts';
import { Simulation } from './testing/simulation.ts';

const containers = [{ name: 'main', image: 'node:24' }];

const conditionOf = ({ conditions }: NonNullable<Pod['status']>, type: string) =>
  conditions!.find((condition) => condition.type === type)!;

test('a condition keeps the time of its last change', () => {
  const simulation = new Simulation({ restartPolicy: 'Never', containers }, { main: { runsMs: 60_000 } });
  simulation.pass(1);
  const before = simulation.status;
  assert.equal(conditionOf(before, 'Ready').lastTransitionTime, '1970-01-01T00:00:01Z');
  simulation.pass(30);
  assert.deepEqual(simulation.status, before);
  simulation.pass(60);
  const after = simulation.status;
  assert.equal(conditionOf(after, 'Ready').lastTransitionTime, '1970-01-01T00:01:31Z');
  assert.equal(conditionOf(after, 'PodScheduled').lastTransitionTime, '1970-01-01T00:00:01Z');
});

test('what others say of a pod stays, but for the reason of a node that was taken for lost', () => {
  const simulation = new Simulation({ containers });
  simulation.pass(1);
  const mine = { type: 'example.com/Mine', status: 'True' };
  const status = { reason: 'NodeLost', message: 'lost', nominatedNodeName: 'node-2', conditions: [mine] };
  const told = podStatus({ ...simulation.pod, status }, simulation.records, '10.240.0.11', 0)!;
  assert.equal(told.nominatedNodeName, 'node-2');
  assert.equal(told.reason, undefined);
  assert.deepEqual(conditionOf(told, 'example.com/Mine'), mine);
  assert.equal(conditionOf(told, 'Ready').status, 'True');
});

test('a pod is ready when its containers are and each of its readiness gates is met', () => {
  const readinessGates = [{ conditionType: 'example.com/One' }, { conditionType: 'example.com/Two' }];
  const simulation = new Simulation({ readinessGates, containers });
  simulation.pass(1);
  const ready = (conditions: object[]) => {
    const pod = { ...simulation.pod, status: { conditions } } as Pod;
    return conditionOf(podStatus(pod, simulation.records, '10.240.0.11', 0)!, 'Ready');
  };
  const met = { type: 'example.com/One', status: 'True' };
  const unmet = ready([met, { type: 'example.com/Two', status: 'False' }]);
  assert.equal(unmet.reason, 'ReadinessGatesNotReady');
  assert.equal(unmet.message, 'the status of pod readiness gate "example.com/Two" is not "True", but False');
  assert.equal(ready([met]).message, 'corresponding condition of pod readiness gate "example.com/Two" does not exist.');
  assert.equal(ready([met, { type: 'example.com/Two', status: 'True' }]).status, 'True');
});

test('a pod that is deleted while it runs ends as its containers did', () => {
  for (const [exitCode, phase] of [
    [0, 'Succeeded'],
    [143, 'Failed'],
  ] as const) {
    const simulation = new Simulation({ containers }, { main: { exitCode } });
    simulation.pass(1);
    simulation.delete(30);
    assert.equal(simulation.status.phase, 'Running');
    simulation.pass(1);
    assert.equal(simulation.status.phase, phase);
  }
});

test('a pod that is over has given its network back, and is not ready for that reason', () => {
  const simulation = new Simulation({ restartPolicy: 'Never', containers }, { main: { runsMs: 0 } });
  simulation.pass(1);
  const { conditions, podIP } = simulation.status;
  assert.equal(podIP, '10.244.0.2');
  assert.deepEqual(
    conditions!.map(({ type, status, reason }) => [type, status, reason]),
    [
      ['PodReadyToStartContainers', 'False', undefined],
      ['Initialized', 'True', 'PodCompleted'],
      ['Ready', 'False', 'PodCompleted'],
      ['ContainersReady', 'False', 'PodCompleted'],
      ['PodScheduled', 'True', undefined],
    ],
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod } from '../kinds/types.ts';
import { newRecord, type ContainerRecord, type Terminated } from './container-state.ts';
import { podPhase, podStatus } from './pod-status.ts';

const at = new Date(1_000_000);
const terminated = (exitCode: number): Terminated => ({
  kind: 'terminated',
  exitCode,
  reason: exitCode === 0 ? 'Completed' : 'Error',
  startedAt: at,
  finishedAt: at,
  containerID: 'breakwater://1',
});
const record = (more: Partial<ContainerRecord>): ContainerRecord => ({ ...newRecord('a', 'node:24', 'x'), ...more });
const running = record({ state: { kind: 'running', startedAt: at }, started: true, ready: true });

test('the phase follows the containers and the restart policy', () => {
  const waiting = record({});
  const crashing = record({ state: { kind: 'waiting', reason: 'CrashLoopBackOff' }, lastState: terminated(1) });
  const done = record({ state: terminated(0) });
  const failed = record({ state: terminated(3) });
  assert.equal(podPhase('Always', [waiting, running]), 'Pending');
  assert.equal(podPhase('Always', [crashing]), 'Running');
  assert.equal(podPhase('Always', [done]), 'Running');
  assert.equal(podPhase('Never', [done, running]), 'Running');
  assert.equal(podPhase('Never', [done, done]), 'Succeeded');
  assert.equal(podPhase('Never', [done, failed]), 'Failed');
  assert.equal(podPhase('OnFailure', [done, crashing]), 'Running');
});

function status(containers: ContainerRecord[], before?: Pod['status'], now = at, latest = before) {
  const pod = { metadata: { name: 'p' }, spec: { containers: [] }, status: before } as unknown as Pod;
  return podStatus({
    latest,
    pod,
    podIP: '10.244.0.2',
    hostIP: '10.240.0.11',
    startTime: at,
    initContainers: [],
    containers,
    now,
  });
}

test('a pod is ready when all its containers are, and says which are not', () => {
  const ready = status([running]).conditions!.find(({ type }) => type === 'Ready');
  assert.equal(ready?.status, 'True');
  const unready = status([running, record({ name: 'b' })]).conditions!.find(({ type }) => type === 'Ready');
  assert.equal(unready?.status, 'False');
  assert.equal(unready?.message, 'containers with unready status: [b]');
});

test('a condition keeps the time of its last change', () => {
  const before = status([running]);
  const later = new Date(at.getTime() + 60_000);
  assert.deepEqual(status([running], before, later), before);
  const changed = status([record({})], before, later).conditions!;
  assert.equal(changed.find(({ type }) => type === 'Ready')?.lastTransitionTime, '1970-01-01T00:17:40Z');
  assert.equal(changed.find(({ type }) => type === 'PodScheduled')?.lastTransitionTime, '1970-01-01T00:16:40Z');
});

test('the conditions of other writers stay', () => {
  const mine = { type: 'example.com/Mine', status: 'True' };
  const latest = { conditions: [mine, { type: 'Ready', status: 'False' }] };
  const { conditions } = status([running], undefined, at, latest);
  assert.deepEqual(
    conditions!.filter(({ type }) => type === 'example.com/Mine'),
    [mine],
  );
  assert.equal(conditions!.filter(({ type }) => type === 'Ready').length, 1);
});

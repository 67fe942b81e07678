import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod } from '../../kinds/types.ts';
import { NoMetricsError, replicasByAverage, replicasByUse, replicasByValue } from './replica-calculator.ts';

const now = Date.parse('2026-01-01T01:00:00Z');
const pod = (name: string, { ready = true, phase = 'Running', startTime = '2026-01-01T00:00:00Z' } = {}) =>
  ({
    metadata: { name },
    status: {
      ...{ phase, startTime },
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: startTime }],
    },
  }) as unknown as Pod;

/** Pods that should use 100 each; null is a pod without a metric. */
function replicas(uses: (number | null)[], more: Pod[] = [], isCpu = true): number {
  const pods = [...uses.map((_, index) => pod(`p${index}`)), ...more];
  const metrics = new Map(
    pods.flatMap(({ metadata }, index) => {
      const value = index < uses.length ? uses[index]! : 100;
      return value === null ? [] : [[metadata.name, { value, at: now, windowMs: 10_000 }] as const];
    }),
  );
  const currentReplicas = pods.length;
  return replicasByUse({ pods, metrics, target: () => 100, assumed: () => 200, isCpu, currentReplicas, now });
}

test('as many as bring the use to the target, rounded up', () => {
  assert.equal(replicas([200]), 2);
  assert.equal(replicas([150, 150, 150]), 5);
  assert.equal(replicas([30, 30, 30]), 1);
});

test('a tenth more or less changes nothing', () => {
  assert.equal(replicas([109, 109]), 2);
  assert.equal(replicas([91, 91]), 2);
  assert.equal(replicas([112, 112]), 3);
});

test('pods without a metric hold back: they use nothing when it would grow, and all when it would shrink', () => {
  assert.equal(replicas([300, null]), 3);
  assert.equal(replicas([150, null]), 2, 'it would turn into shrinking');
  assert.equal(replicas([20, 20, null]), 3, 'with 200 more the use would be 80 %, rounded up to what there is');
  assert.equal(replicas([10, null]), 2, 'it would turn into growing');
});

test('pods that are not ready use nothing when it would grow, and are left out when it would shrink', () => {
  const starting = pod('new', { ready: false, startTime: '2026-01-01T00:59:50Z' });
  assert.equal(replicas([300], [starting]), 3);
  assert.equal(replicas([40, 40], [starting]), 1);
  assert.equal(replicas([300], [pod('pending', { phase: 'Pending', ready: false })]), 3);
});

test('the CPU of a pod that has just become ready does not count until a whole window lies behind', () => {
  const fresh = pod('fresh', { startTime: '2026-01-01T00:59:55Z' });
  assert.equal(replicas([300], [fresh], true), 3);
  assert.equal(replicas([300], [fresh], false), 4, 'its memory does');
});

test('pods that end or have failed do not count, and without any metric there is no answer', () => {
  const ending = pod('ending');
  ending.metadata.deletionTimestamp = '2026-01-01T00:59:00Z';
  assert.equal(replicas([200], [ending, pod('failed', { phase: 'Failed' })]), 2);
  assert.throws(() => replicas([null, null]), NoMetricsError);
});

test('a value for all pods together, and one of which each should have so much', () => {
  assert.equal(replicasByValue(30, 10, 2, 2), 6);
  assert.equal(replicasByValue(10.5, 10, 2, 2), 2);
  assert.equal(replicasByValue(30, 10, 0, 0), 3);
  assert.equal(replicasByAverage(42, 10, 2), 5);
  assert.equal(replicasByAverage(21, 10, 2), 2);
});

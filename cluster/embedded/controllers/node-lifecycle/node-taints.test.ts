import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Node } from '../../kinds/types.ts';
import { withConditionTaints } from './node-taints.ts';

const now = Date.parse('2026-01-01T00:00:00Z');
const timeAdded = '2026-01-01T00:00:00Z';
const own = { key: 'gpu', value: 'yes', effect: 'NoSchedule' };
const node = (status: string, spec: object = {}) =>
  ({ metadata: { name: 'n' }, spec, status: { conditions: [{ type: 'Ready', status }] } }) as Node;

test('a node that is ready keeps only the taints that others gave it', () => {
  const unreachable = { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' };
  assert.deepEqual(withConditionTaints(node('True', { taints: [own, unreachable] }), now), [own]);
});

test('a silent kubelet is unreachable, one that says so is not ready; pods go only after a while', () => {
  for (const [status, key] of [
    ['Unknown', 'node.kubernetes.io/unreachable'],
    ['False', 'node.kubernetes.io/not-ready'],
  ] as const) {
    const taints = withConditionTaints(node(status, { taints: [own] }), now);
    assert.deepEqual(taints, [own, { key, effect: 'NoSchedule', timeAdded }, { key, effect: 'NoExecute', timeAdded }]);
    const later = now + 60_000;
    assert.deepEqual(withConditionTaints(node(status, { taints }), later), taints, 'the time counts from the first');
  }
});

test('a cordon is a taint too', () => {
  assert.deepEqual(withConditionTaints(node('True', { unschedulable: true }), now), [
    { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule', timeAdded },
  ]);
});

test('a taint that evicts and was given without its time gets it', () => {
  const maintenance = { key: 'maintenance', effect: 'NoExecute' };
  assert.deepEqual(withConditionTaints(node('True', { taints: [maintenance] }), now), [{ ...maintenance, timeAdded }]);
});

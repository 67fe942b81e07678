import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limit, type History } from './behavior.ts';

const spec = { maxReplicas: 100, minReplicas: 1, scaleTargetRef: { kind: 'Deployment', name: 'web' } };
const minute = 60_000;
const fresh = (): History => ({ recommendations: [], changes: [] });
const policy = (type: string, value: number, periodSeconds = 60) => ({ type, value, periodSeconds });

test('without a behavior it doubles or adds four in 15 s, whichever is more', () => {
  assert.equal(limit(100, 2, spec, fresh(), 0).replicas, 6);
  const { replicas, limited } = limit(100, 10, spec, fresh(), 0);
  assert.deepEqual([replicas, limited.reason], [20, 'ScaleUpLimit']);
  const history: History = { recommendations: [], changes: [{ at: 0, by: 10 }] };
  assert.equal(limit(100, 20, spec, history, 10_000).replicas, 20, 'the period is not over');
  assert.equal(limit(100, 20, spec, history, 15_000).replicas, 40);
});

test('without a behavior it shrinks to the most that was recommended in five minutes', () => {
  const history = fresh();
  limit(8, 8, spec, history, 0);
  const { replicas, stabilized } = limit(2, 8, spec, history, 4 * minute);
  assert.deepEqual([replicas, stabilized], [8, true]);
  assert.equal(limit(2, 8, spec, history, 5 * minute).replicas, 2);
});

test('the bounds hold, and it says so', () => {
  const bounded = { ...spec, minReplicas: 2, maxReplicas: 5 };
  const up = limit(9, 4, bounded, fresh(), 0);
  assert.deepEqual([up.replicas, up.limited.status, up.limited.reason], [5, 'True', 'TooManyReplicas']);
  const down = limit(0, 4, bounded, fresh(), 0);
  assert.deepEqual([down.replicas, down.limited.reason], [2, 'TooFewReplicas']);
  assert.deepEqual(limit(3, 4, bounded, fresh(), 0).limited.status, 'False');
});

test('policies: the most or the least of what they let through, or nothing', () => {
  const policies = [policy('Pods', 2), policy('Percent', 50)];
  const up = (selectPolicy: string) => ({ ...spec, behavior: { scaleUp: { policies, selectPolicy } } });
  assert.equal(limit(100, 10, up('Max'), fresh(), 0).replicas, 15);
  assert.equal(limit(100, 10, up('Min'), fresh(), 0).replicas, 12);
  assert.equal(limit(100, 10, up('Disabled'), fresh(), 0).replicas, 10);
  const down = (selectPolicy: string) => ({
    ...spec,
    behavior: { scaleDown: { policies, selectPolicy, stabilizationWindowSeconds: 0 } },
  });
  assert.equal(limit(1, 10, down('Max'), fresh(), 0).replicas, 5);
  assert.equal(limit(1, 10, down('Min'), fresh(), 0).replicas, 8);
  assert.equal(limit(1, 10, down('Disabled'), fresh(), 0).replicas, 10);
});

test('a window for growing waits for the least of its recommendations', () => {
  const waiting = { ...spec, behavior: { scaleUp: { stabilizationWindowSeconds: 60 } } };
  const history = fresh();
  limit(2, 2, waiting, history, 0);
  assert.equal(limit(6, 2, waiting, history, 30_000).replicas, 2);
  assert.equal(limit(6, 2, waiting, history, 61_000).replicas, 6);
});

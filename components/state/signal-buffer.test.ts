import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SignalPoint } from '../../server/contract/signals.ts';
import { KEPT_SECONDS, mergePoints, mergeSignals } from './signal-buffer.ts';

const point = (t: number, count = 1): SignalPoint => ({ t, count, errors: 0, p50: 1, p95: 2, p99: 3, inFlight: null });

test('a corrected second replaces the first count of it', () => {
  const merged = mergePoints([point(1), point(2, 5)], [point(2, 9), point(3)]);
  assert.deepEqual(
    merged.map(({ t, count }) => [t, count]),
    [
      [1, 1],
      [2, 9],
      [3, 1],
    ],
  );
});

test('seconds that arrive out of order end up in order', () => {
  assert.deepEqual(
    mergePoints([point(5)], [point(4), point(6)]).map(({ t }) => t),
    [4, 5, 6],
  );
});

test('what is older than fifteen minutes is forgotten', () => {
  const merged = mergePoints([point(0), point(1)], [point(KEPT_SECONDS)]);
  assert.deepEqual(
    merged.map(({ t }) => t),
    [1, KEPT_SECONDS],
  );
});

test('a series without news keeps its reference', () => {
  const before = { bank: [point(1)], orders: [point(1)] };
  const after = mergeSignals(before, { orders: [point(2)], bank: [] });
  assert.equal(after.bank, before.bank);
  assert.equal(after.orders?.length, 2);
});

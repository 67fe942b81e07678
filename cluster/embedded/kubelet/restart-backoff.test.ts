import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restartBackoff } from './restart-backoff.ts';

test('restarts wait 0, 10, 20 ... 300 s, and from the start again after ten good minutes', () => {
  const backoff = restartBackoff();
  const waits = Array.from({ length: 8 }, () => backoff.next(1000) / 1000);
  assert.deepEqual(waits, [0, 10, 20, 40, 80, 160, 300, 300]);
  assert.equal(backoff.next(600_000), 0);
  assert.equal(backoff.next(1000), 10_000);
});

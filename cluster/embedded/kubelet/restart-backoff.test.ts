import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restartBackoff } from './restart-backoff.ts';

test('restarts wait 0, 1, 2 ... 60 s, and from the start again after ten good minutes', () => {
  const backoff = restartBackoff();
  const waits = Array.from({ length: 8 }, () => backoff.next(1000) / 1000);
  assert.deepEqual(waits, [0, 1, 2, 4, 8, 16, 32, 60]);
  assert.equal(backoff.next(600_000), 0);
  assert.equal(backoff.next(1000), 1_000);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countDeath, restartDelay } from './restart-delay.ts';

test('the first death is answered at once, later ones ever later, up to ten seconds', () => {
  assert.deepEqual(
    [1, 2, 3, 4, 5, 6, 7, 20].map((deaths) => restartDelay(deaths, false)),
    [0, 500, 1000, 2000, 4000, 8000, 10_000, 10_000],
  );
});

test('one that had been ready waits a second at the most', () => {
  assert.deepEqual(
    [1, 2, 3, 4, 20].map((deaths) => restartDelay(deaths, true)),
    [0, 500, 1000, 1000, 1000],
  );
});

test('a long life starts the count anew', () => {
  assert.equal(countDeath(4, 1_000), 5);
  assert.equal(countDeath(4, 30_000), 1);
});

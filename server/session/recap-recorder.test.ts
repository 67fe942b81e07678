import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Expression } from '../../labs/engine/expression.ts';
import type { Facts } from '../../labs/engine/vocabulary.ts';
import { RecapRecorder } from './recap-recorder.ts';
import type { Measurements } from './measurements.ts';

/** One row while `holds`, of customers whose p95 is the length of what is asked for, in seconds. */
function recorder() {
  const world = { now: 1_000_000, holds: false, debt: 0 };
  const measurements = {
    until: () => world.now,
    between: (from: number, to: number) => ({ count: 10, errors: 1, p50: 0, p95: (to - from) / 1000 }),
  } as unknown as Measurements;
  const most = { value: () => world.debt } as unknown as Expression;
  const figure = { title: 'Debt', most, unit: 'count' as const };
  const when = { value: () => world.holds } as unknown as Expression;
  const recap = new RecapRecorder(
    { latency: 'customer', orders: 'customer', rows: [{ name: 'phase', when }], figures: [figure], moments: [] },
    measurements,
  );
  const seconds = (count: number) => {
    for (let i = 0; i < count; i++) {
      world.now += 1000;
      recap.tick({} as Facts, world.now);
    }
  };
  return { world, seconds, row: () => recap.view().rows[0]! };
}

test('a row is of the end of its phase, once that has settled', () => {
  const { world, seconds, row } = recorder();
  assert.equal(row().seconds, 0);
  world.holds = true;
  seconds(15);
  assert.deepEqual([row().seconds, row().p95, row().ordersLost], [9, 9, 1]);
  seconds(60);
  assert.equal(row().seconds, 30);
});

test('of a phase too short to settle the row has what there was, until a longer one comes', () => {
  const { world, seconds, row } = recorder();
  world.holds = true;
  seconds(4);
  world.holds = false;
  seconds(5);
  assert.deepEqual([row().seconds, row().p95], [3, 3]);
  world.holds = true;
  seconds(7);
  assert.equal(row().seconds, 1, 'what has settled says more, though it is shorter');
  world.holds = false;
  seconds(3);
  world.holds = true;
  seconds(4);
  assert.equal(row().seconds, 1);
});

test('of a figure the row has the largest that it was in its phase', () => {
  const { world, seconds, row } = recorder();
  assert.deepEqual(row().figures, [null]);
  world.debt = 900;
  world.holds = true;
  seconds(5);
  assert.deepEqual(row().figures, [null], 'left from before the run');
  world.holds = false;
  seconds(2);
  world.holds = true;
  for (const debt of [20, 300, 40]) {
    world.debt = debt;
    seconds(2);
  }
  world.holds = false;
  world.debt = 900;
  seconds(2);
  assert.deepEqual(row().figures, [300]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advance, crossingTime, dotsPerSecond, still } from './particles.ts';
import type { Stream } from './particles.ts';

const run = (rate: number, errorRatio: number, p50: number, seconds: number) => {
  const stream: Stream = { particles: [], due: 0 };
  for (let i = 0; i < seconds * 30; i += 1) advance(stream, { rate, errorRatio, p50 }, 1 / 30, () => 0.5);
  return stream;
};

test('a busier edge carries more dots, within reason', () => {
  assert.ok(dotsPerSecond(100) > dotsPerSecond(10));
  assert.equal(dotsPerSecond(0), 0);
  assert.equal(dotsPerSecond(100_000), 7);
});

test('a slower call crosses more slowly', () => {
  assert.ok(crossingTime(3000) > crossingTime(50));
  assert.equal(crossingTime(1), 0.7);
  assert.equal(crossingTime(null), 0.7);
});

test('dots that arrive are gone, so their number settles', () => {
  const settled = run(50, 0, 20, 20).particles.length;
  const expected = dotsPerSecond(50) * crossingTime(20);
  assert.ok(Math.abs(settled - expected) <= 1.5, `${settled} dots, ${expected} expected`);
  assert.ok(run(50, 0, 20, 20).particles.every(({ at }) => at >= 0 && at <= 1));
});

test('dots fail as calls do', () => {
  assert.ok(run(50, 0.6, 20, 5).particles.every(({ failed }) => failed));
  assert.ok(run(50, 0.4, 20, 5).particles.every(({ failed }) => !failed));
});

test('traffic that stops lets the dots under way arrive and starts no more', () => {
  const stream = run(50, 0, 20, 5);
  for (let i = 0; i < 60; i += 1) advance(stream, { rate: 0, errorRatio: 0, p50: null }, 1 / 30);
  assert.deepEqual(stream.particles, []);
});

test('without motion any failure is still shown', () => {
  const dots = still({ rate: 40, errorRatio: 0.05, p50: 2000 });
  assert.equal(dots.filter(({ failed }) => failed).length, 1);
});

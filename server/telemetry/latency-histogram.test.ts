import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BINS, MergedBins, quantileOf, record, RELATIVE_ERROR } from './latency-histogram.ts';
import type { Bins } from './latency-histogram.ts';

/** Deterministic random numbers in [0, 1) (mulberry32), so that a failure can be repeated from its seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const SHAPES: Record<string, (next: () => number) => number> = {
  uniform: (next) => 0.02 + next() * 500,
  exponential: (next) => 0.02 - Math.log(1 - next()) * 80,
  'two humps': (next) => (next() < 0.6 ? 3000 + next() * 30 : 5 + next() * 20),
  'six decades': (next) => 10 ** (next() * 6 - 1.5),
};

for (const [shape, sample] of Object.entries(SHAPES)) {
  test(`every percentile of ${shape} data is within 1 % of the true one, merged from many seconds or not`, () => {
    for (let seed = 1; seed <= 40; seed++) {
      const next = random(seed);
      const values = Array.from({ length: 1 + Math.floor(next() * 3000) }, () => sample(next));
      const seconds: Bins[] = [[], [], []];
      const whole: Bins = [];
      for (const value of values) {
        record(whole, value);
        record(seconds[Math.floor(next() * seconds.length)]!, value);
      }
      const merged = seconds.reduce((sum, bins) => sum.add(bins), new MergedBins());
      values.sort((a, b) => a - b);
      for (const q of [0, 0.25, 0.5, 0.9, 0.95, 0.99, 1]) {
        const truth = values[Math.floor(q * (values.length - 1))]!;
        const estimate = quantileOf(whole, q)!;
        assert.ok(
          Math.abs(estimate - truth) <= truth * RELATIVE_ERROR * (1 + 1e-9),
          `seed ${seed}, q ${q}: ${estimate} for ${truth}`,
        );
        assert.equal(merged.quantile(q), estimate, `seed ${seed}: merging must lose nothing`);
      }
    }
  });
}

test('a bin number fits into ten bits', () => assert.ok(BINS <= 1024, `${BINS} bins`));

test('durations beyond the range count as its ends', () => {
  const bins: Bins = [];
  for (const value of [-5, 0, 1e-9, 1e12, Infinity]) record(bins, value);
  assert.ok(Math.abs(quantileOf(bins, 0)! - 0.01) <= 0.0001);
  assert.ok(Math.abs(quantileOf(bins, 1)! - 600_000) <= 6000);
});

test('nothing recorded has no percentiles', () => {
  assert.equal(quantileOf([], 0.5), null);
  assert.equal(new MergedBins().quantile(0.5), null);
});

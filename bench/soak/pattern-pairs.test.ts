import assert from 'node:assert/strict';
import { test } from 'node:test';
import { patterns } from '../../server/desired-state/patterns.ts';
import { choicesOf, combinationsOf } from './pattern-pairs.ts';

test('every two choices of different patterns meet, and there are far fewer combinations than all', () => {
  const combinations = combinationsOf(patterns);
  for (const [at, first] of patterns.entries())
    for (const second of patterns.slice(at + 1))
      for (const one of choicesOf(first))
        for (const other of choicesOf(second)) {
          const met = combinations.some((each) => each[first.id] === one && each[second.id] === other);
          assert.ok(met, `${first.id} ${one} never meets ${second.id} ${other}`);
        }
  assert.ok(combinations.length < 60, `${combinations.length} combinations`);
});

test('what cannot be had here is in no combination, and of a number the bounds are', () => {
  const option = (id: string, unavailable?: string) => ({
    id,
    label: id,
    summary: id,
    ...(unavailable && { unavailable }),
  });
  assert.deepEqual(choicesOf({ options: [option('off'), option('nginx', 'no image')], number: null }), ['off']);
  const number = { min: 1, max: 9, step: 1, unit: '%', default: 5 };
  assert.deepEqual(choicesOf({ options: [], number }), ['1', '5', '9']);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pattern } from '../../server/contract/patterns.ts';
import { groupByPlace, isSwitch } from './pattern-groups.ts';

const pattern = (id: string, place: string, options: string[], selected = options[0]!) =>
  ({ id, place, selected, options: options.map((option) => ({ id: option, label: option })) }) as unknown as Pattern;

test('patterns stand under their place, in the order of the list', () => {
  const groups = groupByPlace([
    pattern('a', 'edge', ['off', 'on']),
    pattern('b', 'shop', ['x']),
    pattern('c', 'edge', ['x']),
  ]);
  assert.deepEqual(
    groups.map(({ place, patterns }) => [place, patterns.map(({ id }) => id)]),
    [
      ['edge', ['a', 'c']],
      ['shop', ['b']],
    ],
  );
});

test('off and one other is a switch, three options are not', () => {
  assert.ok(isSwitch(pattern('breaker', 'edge', ['off', 'library'])));
  assert.ok(!isSwitch(pattern('timeout', 'edge', ['none', '3s', '500ms'])));
  assert.ok(!isSwitch(pattern('style', 'shop', ['sync', 'events'])));
});

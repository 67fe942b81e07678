import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Orphans } from './orphans.ts';

test('of too many the oldest that is still there is reset', () => {
  const orphans = new Orphans(2);
  const reset: string[] = [];
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => ({ reset: () => void reset.push(name) }));
  for (const each of [a, b, c]) orphans.add(each!);
  assert.deepEqual(reset, ['a']);
  orphans.delete(b!);
  orphans.add(d!);
  assert.deepEqual(reset, ['a']);
});

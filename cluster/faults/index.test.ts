import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { faults } from './index.ts';

const notFaults = ['bank-behaviour', 'edges', 'fault', 'index'];

test('every fault file is listed, and every listed fault has its file', () => {
  const files = readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => name.replace('.ts', ''))
    .filter((name) => !notFaults.includes(name));
  assert.deepEqual(faults.map(({ id }) => id).sort(), files.sort());
});

for (const { id, parameters, duration } of faults) {
  test(`${id} has defaults within its own bounds`, () => {
    for (const { name, min, max, default: usual } of parameters) {
      assert.ok(min <= usual && usual <= max, `${name}: ${min} <= ${usual} <= ${max}`);
    }
    assert.ok(duration.default <= duration.max);
  });
}

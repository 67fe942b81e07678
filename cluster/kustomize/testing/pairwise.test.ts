import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pairwise } from './pairwise.ts';

test('any two options are together in some row, and the rows are few', () => {
  const lists = [
    ['a', 'b', 'c'],
    ['d', 'e'],
    ['f', 'g', 'h', 'i'],
    ['j', 'k'],
    ['l', 'm', 'n'],
  ];
  const rows = pairwise(lists);
  for (const [index, options] of lists.entries()) {
    for (const one of options) {
      for (const other of lists.slice(index + 1).flat()) {
        assert.ok(
          rows.some((row) => row.includes(one) && row.includes(other)),
          `${one} with ${other}`,
        );
      }
    }
  }
  assert.ok(rows.every((row) => row.length === lists.length));
  assert.ok(rows.length <= 16, `${rows.length} rows of 144`);
});

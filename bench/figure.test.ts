import assert from 'node:assert/strict';
import { test } from 'node:test';
import { median, row } from './figure.ts';

test('the median is the middle value, or the mean of the middle two', () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([4, 1, 2, 9]), 3);
});

test('a row tells median, spread, runs and what was wanted', () => {
  const figure = { what: 'first order', unit: 'ms', values: [1200, 1500.4, 4210], wanted: '< 5 s' };
  assert.equal(row(figure), '| first order | 1 500 ms | 1 200 to 4 210 | 3 | < 5 s |');
  assert.equal(row({ what: 'hop', unit: 'us', values: [1.234] }), '| hop | 1.23 us | 1.23 to 1.23 | 1 |  |');
});

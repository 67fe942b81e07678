import assert from 'node:assert/strict';
import { test } from 'node:test';
import { count, decimal, duration, percent, plural, quantity, rate, seconds } from './quantity.ts';

test('thousands stand apart by a space that does not break', () => {
  assert.equal(count(5412), '5\u00a0412');
  assert.equal(count(1234567), '1\u00a0234\u00a0567');
  assert.equal(count(999), '999');
});

test('small numbers keep one decimal, large ones none', () => {
  assert.equal(decimal(0.42), '0.4');
  assert.equal(decimal(9.94), '9.9');
  assert.equal(decimal(9.96), '10');
  assert.equal(decimal(118.4), '118');
});

test('something is never written as nothing', () => {
  assert.equal(decimal(0.01), '<0.1');
  assert.equal(decimal(0), '0');
});

test('every quantity has its unit, and no value is a dash', () => {
  assert.equal(duration(81.2), '81 ms');
  assert.equal(duration(null), '–');
  assert.equal(rate(46), '46/s');
  assert.equal(percent(0.004), '0.4 %');
  assert.equal(plural(1, 'pod'), '1 pod');
  assert.equal(plural(2, 'pod'), '2 pods');
});

test('a span of time is said in the largest two units that matter', () => {
  assert.equal(seconds(37), '37 s');
  assert.equal(seconds(120), '2 min');
  assert.equal(seconds(125), '2 min 5 s');
  assert.equal(seconds(11_040), '3 h 4 min');
});

test('a figure is written by its unit, and a duration over a second in seconds', () => {
  assert.equal(quantity(48, 'ms'), '48 ms');
  assert.equal(quantity(41_300, 'ms'), '41 s');
  assert.equal(quantity(213, 'count'), '213');
  assert.equal(quantity(0.04, 'share'), '4 %');
  assert.equal(quantity(9.8, 'per second'), '9.8/s');
  assert.equal(quantity(null, 'count'), '–');
});

test('of a delivery there are deliveries, and of a day days', () => {
  assert.deepEqual([plural(1, 'delivery'), plural(2, 'delivery')], ['1 delivery', '2 deliveries']);
  assert.deepEqual([plural(2, 'day'), plural(2, 'pod')], ['2 days', '2 pods']);
});

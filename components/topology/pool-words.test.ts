import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFull, poolFigures, poolWords, tightest } from './pool-words.ts';

const pool = (used: number, waiting = 0, size = 16, name = 'workers') => ({ name, size, used, waiting });

test('a pool is told of by its slots taken, its limit and who waits', () => {
  assert.equal(poolWords(pool(16, 34)), '16 of 16 taken, 34 waiting');
  assert.deepEqual([poolFigures(pool(16, 34)), poolFigures(pool(3))], ['16/16, 34 wait', '3/16']);
});

test('it is full when no slot is left, and one without slots is not', () => {
  assert.deepEqual([isFull(pool(16)), isFull(pool(15)), isFull(pool(0, 0, 0))], [true, false, false]);
});

test('a card draws the pool where most wait, else the fullest', () => {
  assert.equal(tightest([pool(16, 0), pool(4, 9, 4, 'connections')])?.name, 'connections');
  assert.equal(tightest([pool(2), pool(3, 0, 4, 'connections')])?.name, 'connections');
  assert.equal(tightest([]), undefined);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { longestQueue, messagesPerSquare, queueWords } from './queue-words.ts';

const queue = (name: string, depth: number) => ({ name, depth, unacked: 16, consumers: 2 });

test('a queue in words', () => {
  assert.equal(queueWords(queue('payments', 34)), '34 wait, 16 in hand of 2 consumers');
});

test('a card tells of the longest queue, and of none where nothing waits', () => {
  assert.equal(longestQueue([queue('orders', 3), queue('payments', 34)]), 'payments: 34 wait');
  assert.equal(longestQueue([queue('orders', 0)]), null);
  assert.equal(longestQueue([]), null);
});

test('a long queue is drawn in squares of ten messages, of a hundred ...', () => {
  assert.deepEqual([0, 60, 61, 600, 601, 90_000].map(messagesPerSquare), [1, 1, 10, 10, 100, 10_000]);
});

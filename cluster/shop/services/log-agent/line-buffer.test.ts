import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { LineBuffer } from './line-buffer.ts';

test('beyond its bound the oldest lines go, or the newest, and are counted', async () => {
  for (const [policy, kept] of [
    ['oldest', [3, 4]],
    ['newest', [1, 2]],
  ] as const) {
    const buffer = new LineBuffer<number>(2, policy);
    buffer.add([1, 2, 3, 4]);
    assert.deepEqual([buffer.size, buffer.dropped], [2, 2]);
    assert.deepEqual(await buffer.take(10, AbortSignal.abort()), kept);
  }
});

test('whoever waits for lines leaves nothing behind on the signal', async () => {
  const buffer = new LineBuffer<number>(10, 'oldest');
  const ended = new AbortController();
  for (let i = 0; i < 100; i++) {
    const taken = buffer.take(1, ended.signal);
    buffer.add([i]);
    assert.deepEqual(await taken, [i]);
  }
  assert.equal(getEventListeners(ended.signal, 'abort').length, 0);
  const last = buffer.take(1, ended.signal);
  ended.abort();
  assert.deepEqual(await last, []);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzzFrames } from './fuzz-frames.ts';

test('whatever frames clients send to commands and ports of pods, nothing of them is left', async () => {
  const { statuses } = await fuzzFrames(200, 20261128);
  // They are no good as conversations unless some of them still begin.
  for (const status of [101, 400]) assert.ok(statuses.get(status), `none was answered with ${status}`);
});

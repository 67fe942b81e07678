import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzz } from './fuzz.ts';

test('the API answers whatever it is sent, and goes on', async () => {
  const { statuses } = await fuzz(600, 20261128);
  // They are no good as requests unless some of them still do something.
  for (const status of [200, 201, 400, 404, 422]) assert.ok(statuses.get(status), `none was answered with ${status}`);
});

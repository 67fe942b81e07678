import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomInt } from 'node:crypto';
import { fuzz } from './fuzz.ts';

test('whatever becomes of a request on its way, the receiver answers 200 or 4xx with a code, and what it shows is whole', async (t) => {
  const seed = randomInt(2 ** 31);
  t.diagnostic(`seed ${seed}: npm run fuzz -- 1000 ${seed}`);
  const statuses = await fuzz(300, seed);
  assert.ok((statuses.get(200) ?? 0) > 50, 'some were taken in');
  assert.ok((statuses.get(400) ?? 0) > 50, 'some were not');
});

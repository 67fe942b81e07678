import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killAtRandom } from './kills.ts';

const skip = process.platform === 'linux' ? false : 'finds processes through /proc';

test('killed at random moments, the shop loses no order, and leaves no process and no port', { skip }, async (t) => {
  const { kills, acknowledged } = await killAtRandom(6, 5, ({ what, recoveryMs }) =>
    t.diagnostic(`orders again ${recoveryMs.toFixed(0)} ms after SIGKILL of ${what}`),
  );
  assert.equal(kills.length, 6);
  assert.ok(acknowledged > 6, `only ${acknowledged} orders were acknowledged`);
});

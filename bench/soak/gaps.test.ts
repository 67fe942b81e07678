import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FaultRun } from './fault-run.ts';
import { gapsOf } from './gaps.ts';

test('a soak in which faults were refused, or nobody ordered, proves nothing', () => {
  const acted = { ended: {} } as FaultRun;
  const refused = { ended: null } as FaultRun;
  assert.deepEqual(gapsOf([acted, acted, refused], 7), []);
  assert.deepEqual(gapsOf([acted, refused, refused], 7), ['only 1 of 3 faults were carried out']);
  assert.deepEqual(gapsOf([], 0), [
    'only 0 of 0 faults were carried out',
    'no order of our own customer was acknowledged',
  ]);
});

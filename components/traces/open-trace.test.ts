import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TraceSummary } from '../../server/contract/traces.ts';
import { newestOf } from './open-trace.ts';

const trace = (name: string, startedAt: number, duration = 40) => ({ name, startedAt, duration }) as TraceSummary;

const newestOrder = (traces: TraceSummary[], now: number) => newestOf('POST /api/orders', traces, now);

test('the newest order that has surely come in whole is chosen', () => {
  const young = trace('POST /api/orders', 9_500);
  const slow = trace('POST /api/orders', 8_900, 600);
  const whole = trace('POST /api/orders', 8_700);
  const other = trace('POST /payments', 8_800);
  assert.equal(newestOrder([young, slow, other, whole], 10_000), whole);
  assert.equal(newestOrder([other, young], 10_000), young);
  assert.equal(newestOrder([other], 10_000), undefined);
});

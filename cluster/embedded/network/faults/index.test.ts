import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { networkFaultKinds } from './index.ts';
import { latency } from './latency.ts';

test('every fault of this folder is on the list, and the list has no other', () => {
  const files = readdirSync(new URL('.', import.meta.url))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'index.ts' && name !== 'fault.ts')
    .map((name) => name.replace('.ts', ''));
  assert.deepEqual(networkFaultKinds.map(({ name }) => name).sort(), files.sort());
});

const rule = { id: 'x', source: null, destination: { namespace: 'shop', name: 'payments' }, expiresAt: 0 };

test('latency adds delayMs, more or less jitterMs, and never less than nothing', () => {
  const stage = latency.stage({ ...rule, delayMs: 10, jitterMs: 30 });
  assert.ok(stage);
  const times = Array.from({ length: 1_000 }, () => Number(stage({ kind: 'data', bytes: 1 }, 100)));
  assert.ok(Math.min(...times) >= 100 && Math.max(...times) <= 140);
  assert.ok(new Set(times).size > 500, 'it varies');
});

test('a rule without a delay asks for no latency', () => {
  assert.equal(latency.stage({ ...rule, delayMs: 0, jitterMs: 0 }), null);
});

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { stageOf, streamFaultTypes } from './index.ts';

test('every fault of this folder is on the list under its own type, and the list has no other', () => {
  const files = readdirSync(import.meta.dirname).filter((name) =>
    /^export const \w+: StreamFaultType</m.test(readFileSync(join(import.meta.dirname, name), 'utf8')),
  );
  assert.deepEqual(Object.keys(streamFaultTypes).sort(), files.map((name) => name.replace('.ts', '')).sort());
  for (const [name, { type }] of Object.entries(streamFaultTypes)) assert.equal(type, name);
});

test('latency adds delayMs, more or less jitterMs, and never less than nothing', () => {
  const stage = stageOf({ type: 'latency', attributes: { delayMs: 10, jitterMs: 30 } });
  assert.ok(stage);
  const times = Array.from({ length: 1_000 }, () => Number(stage({ kind: 'data', bytes: 1 }, 100)));
  assert.ok(Math.min(...times) >= 100 && Math.max(...times) <= 140);
  assert.ok(new Set(times).size > 500, 'it varies');
});

test('no delay is no latency', () => {
  assert.equal(stageOf({ type: 'latency', attributes: { delayMs: 0, jitterMs: 0 } }), null);
});

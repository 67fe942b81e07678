import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Stage } from './stream-fault.ts';
import { begin, streamFaultTypes } from './index.ts';

test('every fault of this folder is on the list under its own type, and the list has no other', () => {
  const files = readdirSync(import.meta.dirname).filter(
    (name) =>
      name.endsWith('.ts') &&
      /^export const \w+: StreamFaultType</m.test(readFileSync(join(import.meta.dirname, name), 'utf8')),
  );
  assert.deepEqual(Object.keys(streamFaultTypes).sort(), files.map((name) => name.replace('.ts', '')).sort());
  for (const [name, { type }] of Object.entries(streamFaultTypes)) assert.equal(type, name);
});

test('latency adds delayMs, more or less jitterMs, and never less than nothing', () => {
  const { there } = begin({ type: 'latency', attributes: { delayMs: 10, jitterMs: 30 } }).stages!();
  const times = Array.from({ length: 1_000 }, () => Number(there!({ kind: 'data', bytes: 1, call: 1 }, 100)));
  assert.ok(Math.min(...times) >= 100 && Math.max(...times) <= 140);
  assert.ok(new Set(times).size > 500, 'it varies');
});

test('loss stalls what comes last by 200, 600, 1400 ms ..., a connection by seconds, and never what others follow', () => {
  const { there } = begin({ type: 'loss', attributes: { percent: 50 } }).stages!();
  const stalls = (passage: Parameters<Stage>[0]) =>
    new Set(Array.from({ length: 2_000 }, () => Number(there!(passage, 0))));
  const last = stalls({ kind: 'data', bytes: 1, call: 1, last: true });
  assert.ok(
    [0, 200, 600, 1_400].every((ms) => last.has(ms)),
    [...last].join(' '),
  );
  assert.deepEqual([...stalls({ kind: 'data', bytes: 1, call: 1 })], [0]);
  const opening = stalls({ kind: 'open', bytes: 0, call: 1 });
  assert.ok(
    [0, 1_000, 3_000, 7_000].every((ms) => opening.has(ms)),
    [...opening].join(' '),
  );
});

test('an opening of which every packet is lost is given up', () => {
  const { there } = begin({ type: 'loss', attributes: { percent: 100 } }).stages!();
  assert.equal(there!({ kind: 'open', bytes: 0, call: 1 }, 0), Infinity);
});

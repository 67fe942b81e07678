import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { LogOptions } from '../apiserver/api.ts';
import { openLogFile, type LogFile } from './log-file.ts';
import { readLog } from './log-reader.ts';

function tempLog(t: TestContext, limit?: number): LogFile {
  const folder = mkdtempSync(join(tmpdir(), 'log-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return openLogFile(join(folder, 'pod', '0.log'), limit);
}

async function text(log: LogFile, options: LogOptions = {}, signal = new AbortController().signal): Promise<string> {
  let all = '';
  for await (const chunk of readLog(log, options, signal)) all += Buffer.from(chunk).toString();
  return all;
}

test('lines come out as they went in, whatever the chunks they arrived in', async (t) => {
  const log = tempLog(t);
  const bytes = Buffer.from('one\ntwo ü\nthr');
  for (const byte of bytes) log.append('stdout', Buffer.from([byte]));
  assert.equal(await text(log), 'one\ntwo ü\n');
  log.append('stdout', Buffer.from('ee'));
  log.close();
  assert.equal(await text(log), 'one\ntwo ü\nthree\n', 'the last line needs no newline');
});

test('tailLines, limitBytes and timestamps select and dress the lines', async (t) => {
  const log = tempLog(t);
  log.append('stdout', Buffer.from('one\ntwo\nthree\n'));
  assert.equal(await text(log, { tailLines: 2 }), 'two\nthree\n');
  assert.equal(await text(log, { tailLines: 0 }), '');
  assert.equal(await text(log, { limitBytes: 5 }), 'one\nt');
  assert.match(await text(log, { tailLines: 1, timestamps: true }), /^\d{4}-\d\d-\d\dT[\d:.]+Z three\n$/);
});

test('sinceSeconds leaves out what is older', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 1_000_000 });
  const log = tempLog(t);
  log.append('stdout', Buffer.from('old\n'));
  t.mock.timers.tick(60_000);
  log.append('stdout', Buffer.from('new\n'));
  assert.equal(await text(log, { sinceSeconds: 30 }), 'new\n');
});

test('follow goes on without a gap until the container ends', async (t) => {
  const log = tempLog(t);
  log.append('stdout', Buffer.from('before\n'));
  const all = text(log, { follow: true });
  log.append('stderr', Buffer.from('after\n'));
  await new Promise(setImmediate);
  log.append('stdout', Buffer.from('last'));
  log.close();
  assert.equal(await all, 'before\nafter\nlast\n');
});

test('follow ends when the reader leaves', async (t) => {
  const log = tempLog(t);
  const reader = new AbortController();
  const all = text(log, { follow: true }, reader.signal);
  await new Promise(setImmediate);
  reader.abort();
  assert.equal(await all, '');
});

test('a reader that takes nothing more is left by the log, which keeps nothing for it', async (t) => {
  const log = tempLog(t);
  let left = false;
  const watched: LogFile = {
    ...log,
    follow(onLine) {
      const end = log.follow(onLine);
      return () => {
        left = true;
        end();
      };
    },
  };
  log.append('stdout', Buffer.from('first\n'));
  const reader = readLog(watched, { follow: true }, new AbortController().signal);
  assert.equal(String(Buffer.from((await reader.next()).value as Uint8Array)), 'first\n');
  for (let written = 0; written <= 5 * 2 ** 20; written += 10_001)
    log.append('stdout', Buffer.from(`${'x'.repeat(10_000)}\n`));
  assert.ok(left);
  assert.deepEqual(await reader.next(), { done: true, value: undefined });
});

test('a log keeps the newest lines within its bounds', async (t) => {
  const log = tempLog(t, 1000);
  for (let i = 0; i < 200; i++) log.append('stdout', Buffer.from(`line ${i}\n`));
  const kept = (await text(log)).trim().split('\n');
  assert.equal(kept.at(-1), 'line 199');
  assert.ok(kept.length > 20 && kept.length < 70, `${kept.length} lines kept`);
});

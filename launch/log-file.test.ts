import assert from 'node:assert/strict';
import { fstatSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { lastMeaningful, openLog } from './log-file.ts';
import { temporaryFolder } from './temporary-folder.ts';

test('a log past its bound moves aside, and whoever has it open goes on at its start', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const path = join(temporaryFolder(t), 'cluster.log');
  const log = openLog(path);
  t.after(() => log.close());
  writeSync(log.fd, 'x'.repeat(9 * 1024 * 1024));
  t.mock.timers.tick(2_000);
  writeSync(log.fd, 'after\n');
  assert.equal(readFileSync(path, 'utf8'), 'after\n');
  assert.equal(statSync(`${path}.1`).size, 9 * 1024 * 1024);
});

test('a log whose folder was deleted is emptied all the same, and ends nothing', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const folder = join(temporaryFolder(t), 'logs');
  mkdirSync(folder);
  const log = openLog(join(folder, 'cluster.log'));
  t.after(() => log.close());
  writeSync(log.fd, 'x'.repeat(9 * 1024 * 1024));
  rmSync(folder, { recursive: true });
  t.mock.timers.tick(2_000);
  assert.equal(fstatSync(log.fd).size, 0);
});

test('a log within its bound is continued', (t) => {
  const path = join(temporaryFolder(t), 'cluster.log');
  writeFileSync(path, 'yesterday\n');
  const log = openLog(path);
  t.after(() => log.close());
  writeSync(log.fd, 'today\n');
  assert.equal(readFileSync(path, 'utf8'), 'yesterday\ntoday\n');
  assert.equal(log.lastLine(), 'today');
});

test('of an uncaught error the message is told, not its stack', () => {
  const text = `started\n\nError: the database folder is broken\n    at main.ts:3:1 {\n  code: 'EBROKEN'\n}\n\nNode.js v24.21.0\n`;
  assert.equal(lastMeaningful(text), 'Error: the database folder is broken');
});

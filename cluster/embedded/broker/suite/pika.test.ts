import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { startBroker } from '../testing/broker-process.ts';

/** Debian's Python has Debian's packages, whatever python comes first in the path. */
const python = ['python3', '/usr/bin/python3'].find((each) => spawnSync(each, ['-c', 'import pika']).status === 0);
const skip = python ? false : 'there is no python3 with pika (Debian: apt-get install python3-pika)';

test("Python's pika declares, publishes, is confirmed, consumes and is told of errors", { skip }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'broker-'));
  const broker = await startBroker(folder);
  t.after(async () => {
    await broker.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const script = join(import.meta.dirname, 'pika_check.py');
  const { stdout } = await promisify(execFile)(python!, [script, `${broker.url}/%2F`], { timeout: 30_000 });
  assert.match(stdout, /is content/);
});

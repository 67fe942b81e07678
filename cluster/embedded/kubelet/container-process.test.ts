import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { until } from '../testing/until.ts';
import { startProcess } from './container-process.ts';
import { openLogFile } from './log-file.ts';
import { processIdentity } from './process-identity.ts';
import { containerMark } from './process-tree.ts';

test(
  'what a program has started ends with it, daemons too',
  { skip: process.platform !== 'linux' && 'only /proc tells whose a daemon is' },
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'container-process-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const log = openLogFile(join(folder, '0.log'));
    // Its parent has ended before it, and it has left the group.
    const daemon = `setsid sh -c 'sleep 600 & echo $!' < /dev/null 2>/dev/null | { read pid; echo $pid; }; exec sleep 0.2`;
    const program = {
      command: 'sh',
      args: ['-c', daemon],
      env: {},
      cwd: folder,
      published: [],
      stopSignal: 'SIGTERM' as const,
    };
    const env = { PATH: process.env.PATH!, ...containerMark(folder) };
    const { exited } = await startProcess(program, env, log, { add() {}, delete() {} });
    await until('the daemon is there', () => log.lines().length > 0);
    const pid = Number(log.lines()[0]!.trim().split(' ').at(-1));
    t.after(() => processIdentity(pid) !== null && process.kill(pid, 'SIGKILL'));
    assert.ok(processIdentity(pid));
    assert.equal((await exited).exitCode, 0);
    await until('the daemon is gone', () => processIdentity(pid) === null);
  },
);

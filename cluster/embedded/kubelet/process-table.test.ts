import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Reaper } from '../reaper.ts';
import { endLeftovers, openProcessTable } from './process-table.ts';
import { containerMark } from './process-tree.ts';

function tableFile(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'table-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return join(folder, 'run', 'processes.json');
}

const homeOf = (file: string) => dirname(dirname(file));

async function sleeper(t: TestContext, env: NodeJS.ProcessEnv = process.env) {
  const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore', env });
  t.after(() => child.kill('SIGKILL'));
  await once(child, 'spawn');
  return child;
}

/** A reaper that was killed together with the cluster: it does nothing. */
const deadReaper = { add: () => {}, delete: () => {} } as unknown as Reaper;

test('what an earlier run has left running is ended by the next', async (t) => {
  const file = tableFile(t);
  const child = await sleeper(t);
  openProcessTable(file, deadReaper).add(child.pid!);
  const exit = once(child, 'exit');
  assert.equal(endLeftovers(file, homeOf(file)), 1);
  assert.deepEqual(await exit, [null, 'SIGKILL']);
  assert.equal(existsSync(file), false);
});

test(
  'a daemon that a container of the same home has left is ended too, and no other',
  { skip: process.platform !== 'linux' && 'only /proc tells whose a daemon is' },
  async (t) => {
    const file = tableFile(t);
    const of = (home: string) =>
      sleeper(t, { ...process.env, ...containerMark(join(home, 'pods', 'uid', 'containers', 'main')) });
    const [daemon, other] = [await of(homeOf(file)), await of(`${homeOf(file)}-other`)];
    const exit = once(daemon, 'exit');
    assert.equal(endLeftovers(file, homeOf(file)), 1);
    assert.deepEqual(await exit, [null, 'SIGKILL']);
    assert.equal(other.exitCode ?? other.signalCode, null);
  },
);

test('a process that only has the pid of one of ours is left alone', async (t) => {
  const file = tableFile(t);
  const child = await sleeper(t);
  openProcessTable(file, deadReaper).add(child.pid!);
  writeFileSync(file, readFileSync(file, 'utf8').replace(/"identity":"[^"]*"/, '"identity":"another"'));
  assert.equal(endLeftovers(file, homeOf(file)), 0);
  assert.equal(child.exitCode ?? child.signalCode, null);
});

test('a process that has ended is no longer on the list, and no list is no leftovers', async (t) => {
  const file = tableFile(t);
  const child = await sleeper(t);
  const table = openProcessTable(file, deadReaper);
  table.add(child.pid!);
  table.delete(child.pid!);
  assert.equal(endLeftovers(file, homeOf(file)), 0);
  assert.equal(endLeftovers(file, homeOf(file)), 0);
});

test('a list that was cut short by the machine going down is no list', (t) => {
  const file = tableFile(t);
  openProcessTable(file, deadReaper);
  writeFileSync(file, '[{"pid":1');
  assert.equal(endLeftovers(file, homeOf(file)), 0);
});

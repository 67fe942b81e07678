import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { processIdentity } from '../cluster/embedded/kubelet/process-identity.ts';
import { startReaper } from '../cluster/embedded/reaper.ts';
import { openLog } from './log-file.ts';
import { superviseProcess, type Death } from './supervised-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Supervises a process that runs the code given, and hands out what happens to it one at a time. */
function run(t: TestContext, code: string) {
  const folder = temporaryFolder(t);
  const entry = join(folder, 'main.ts');
  writeFileSync(entry, code);
  const log = openLog(join(folder, 'log'));
  const reaper = startReaper();
  const deaths = queue<Death>();
  const readies = queue<{ url?: string }>();
  const supervised = superviseProcess({
    ...{ name: 'subject', entry, cwd: folder, env: { ...process.env, COLOUR: 'blue' }, log, reaper },
    onProgress: () => {},
    onReady: readies.push,
    onDeath: deaths.push,
  });
  t.after(async () => {
    await supervised.stop(0);
    await reaper.close();
    log.close();
  });
  return { supervised, nextDeath: deaths.next, nextReady: readies.next, log: () => readFileSync(log.path, 'utf8') };
}

function queue<T>() {
  const values: T[] = [];
  const waiting: ((value: T) => void)[] = [];
  return {
    push(value: T) {
      const first = waiting.shift();
      if (first) first(value);
      else values.push(value);
    },
    next: () => new Promise<T>((resolve) => (values.length ? resolve(values.shift()!) : waiting.push(resolve))),
  };
}

const healthy = "process.send!({ type: 'ready', url: process.env.COLOUR }); setInterval(() => {}, 1000);";

test('it has its environment and IPC channel, and writes its own log', async (t) => {
  const { nextReady, log } = run(t, `console.log('a word'); ${healthy}`);
  assert.equal((await nextReady()).url, 'blue');
  assert.equal(log(), 'a word\n');
});

test('killed, it is started again at once', async (t) => {
  const { supervised, nextReady, nextDeath } = run(t, healthy);
  await nextReady();
  const first = supervised.pid!;
  process.kill(first, 'SIGKILL');
  assert.deepEqual(await nextDeath(), { how: 'SIGKILL', deaths: 1, wasReady: true, delayMs: 0 });
  await nextReady();
  assert.notEqual(supervised.pid, first);
});

test('dying again and again, it is started ever later', async (t) => {
  const { nextDeath } = run(t, 'process.exit(3);');
  const seen = [await nextDeath(), await nextDeath()];
  assert.deepEqual(
    seen.map(({ how, deaths, wasReady, delayMs }) => [how, deaths, wasReady, delayMs]),
    [
      ['exit code 3', 1, false, 0],
      ['exit code 3', 2, false, 500],
    ],
  );
});

test('told to stop, it may end in its own way', async (t) => {
  const code = `process.on('SIGTERM', () => { console.log('drained'); process.exit(0); }); ${healthy}`;
  const { supervised, nextReady, log } = run(t, code);
  await nextReady();
  await supervised.stop(5_000);
  assert.equal(log(), 'drained\n');
});

test('deaf to SIGTERM, it is killed when the time is up, and not started again', async (t) => {
  const { supervised, nextReady } = run(t, `process.on('SIGTERM', () => {}); ${healthy}`);
  await nextReady();
  const pid = supervised.pid!;
  await supervised.stop(50);
  assert.equal(processIdentity(pid), null);
});

import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { processIdentity } from './kubelet/process-identity.ts';
import { until } from './testing/until.ts';

/** An owner with a reaper, one child in a group of its own, and a grandchild that left that group by setsid. */
const owner = `
import { spawn } from 'node:child_process';
import { startReaper } from '${new URL('./reaper.ts', import.meta.url).href}';
const reaper = startReaper();
const grandchild = "require('child_process').spawn('sleep', ['60'], { detached: true, stdio: 'ignore' }).pid";
const child = spawn(process.execPath, ['-e', 'console.log(' + grandchild + '); setInterval(() => {}, 1000)'], {
  detached: true, stdio: ['ignore', 'pipe', 'ignore'],
});
reaper.add(child.pid);
child.stdout.once('data', (data) => {
  process.send({ child: child.pid, grandchild: Number(String(data)), reaper: reaper.pid });
});
process.on('message', async (message) => {
  if (message === 'busy') for (;;);
  if (message === 'which') process.send({ reaper: reaper.pid });
  if (message === 'end') { await reaper.end(); process.send({ ended: true }); }
  if (message === 'close') { await reaper.close(); process.send({ closed: true }); }
});
`;

interface Family {
  process: ChildProcess;
  child: number;
  grandchild: number;
  reaper: number;
}

async function startOwner(): Promise<Family> {
  const process_ = spawn(process.execPath, ['--input-type=module', '-e', owner], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [pids] = (await once(process_, 'message')) as [{ child: number; grandchild: number; reaper: number }];
  return { process: process_, ...pids };
}

/** A zombie counts as dead: how soon it is buried is up to process 1 of the machine. */
const alive = (pid: number) => processIdentity(pid) !== null;

/** Left alone, each of them would live for a minute at least. How soon they go is for the tests of the whole product. */
const gone = (...pids: number[]) => until(`${pids.join(', ')} are gone`, () => !pids.some(alive), 20);

test('SIGKILL of the owner ends the child and the grandchild that left its group', async () => {
  const family = await startOwner();
  family.process.kill('SIGKILL');
  await gone(family.child, family.grandchild, family.reaper);
});

test('SIGKILL of an owner in a busy loop ends them as well', async () => {
  const family = await startOwner();
  family.process.send('busy');
  family.process.kill('SIGKILL');
  await gone(family.child, family.grandchild, family.reaper);
});

test('SIGKILL of a stopped owner ends them as well, stopped or not', async () => {
  const family = await startOwner();
  family.process.kill('SIGSTOP');
  process.kill(family.child, 'SIGSTOP');
  family.process.kill('SIGKILL');
  await gone(family.child, family.grandchild, family.reaper);
});

test('a killed reaper is followed by another that knows the list', async () => {
  const family = await startOwner();
  process.kill(family.reaper, 'SIGKILL');
  const next = await until('another one runs', async () => {
    family.process.send('which');
    const [{ reaper }] = (await once(family.process, 'message')) as [{ reaper: number | undefined }];
    return reaper !== family.reaper && reaper;
  });
  family.process.kill('SIGKILL');
  await gone(family.child, family.grandchild, next);
});

test('SIGKILL of the owner ends whoever bears its mark, though it was never listed', async (t) => {
  if (process.platform !== 'linux') return t.skip('processes are known by their environment through /proc');
  const unlisted = `
import { spawn } from 'node:child_process';
import { startReaper } from '${new URL('./reaper.ts', import.meta.url).href}';
const reaper = startReaper('MARK=/home/of/${process.pid}/');
const start = (mark) => spawn('sleep', ['60'], { detached: true, stdio: 'ignore', env: { ...process.env, MARK: mark } }).pid;
process.send({ ours: start('/home/of/${process.pid}/pod'), other: start('/home/of/another'), reaper: reaper.pid });
setInterval(() => {}, 1000);
`;
  const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as const;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', unlisted], { stdio: [...stdio] });
  const [{ ours, other, reaper }] = (await once(owner, 'message')) as [Record<'ours' | 'other' | 'reaper', number>];
  t.after(() => process.kill(other, 'SIGKILL'));
  owner.kill('SIGKILL');
  await gone(ours, reaper);
  assert.ok(alive(other));
});

test('one that is told to end takes along what is still listed', async () => {
  const family = await startOwner();
  family.process.send('end');
  await once(family.process, 'message');
  await gone(family.child, family.grandchild, family.reaper);
  assert.equal(family.process.exitCode, null);
  family.process.kill('SIGKILL');
});

test('a closed reaper leaves what it was given alone', async () => {
  const family = await startOwner();
  family.process.send('close');
  await once(family.process, 'message');
  await gone(family.reaper);
  assert.ok(alive(family.child) && alive(family.grandchild));
  process.kill(-family.child, 'SIGKILL');
  process.kill(-family.grandchild, 'SIGKILL');
  family.process.kill('SIGKILL');
  await gone(family.child, family.grandchild);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { processIdentity } from './process-identity.ts';
import { until } from '../testing/until.ts';
import { execInContainer, runCommand, type ContainerView } from './exec.ts';

/** A process table that remembers which processes it was told of. */
function table() {
  const listed = new Set<number>();
  return { listed, add: (pid: number) => void listed.add(pid), delete: (pid: number) => void listed.delete(pid) };
}

function view(ended = new AbortController().signal): ContainerView {
  return { env: { PATH: process.env.PATH!, COLOR: 'blue' }, cwd: '/', mounts: [], ended };
}

test('a command has the variables and the folder of its container, and its output and exit code are told', async () => {
  const code = 'console.log(process.env.COLOR, process.cwd()); console.error("oh"); process.exit(3)';
  const answer = await runCommand(view(), ['node', '-e', code], 30_000, table());
  assert.equal(answer?.exitCode, 3);
  assert.deepEqual(answer.output.split('\n').sort(), ['', 'blue /', 'oh']);
});

test('what a command reads is what it is given', async () => {
  const { process: child, exited } = await execInContainer(view(), ['cat'], table());
  const heard: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => heard.push(chunk));
  child.stdin.end('hello');
  assert.deepEqual(await exited, { exitCode: 0, signal: null });
  assert.equal(Buffer.concat(heard).toString(), 'hello');
});

test('a command that is not there is refused as a container runtime refuses it', async () => {
  await assert.rejects(runCommand(view(), ['no-such-program'], 1000, table()), {
    code: 'ExecError',
    message: 'exec: "no-such-program": executable file not found in $PATH',
  });
});

test('of a command that writes without end only the beginning is kept', async () => {
  let most = 0;
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().arrayBuffers)), 20);
  assert.equal(await runCommand(view(), ['yes'], 1000, table()), null);
  clearInterval(timer);
  assert.ok(most < 400 * 2 ** 20, `${most} bytes held`);
});

test('a command that takes too long is killed with all it has started', async () => {
  const processes = table();
  assert.equal(await runCommand(view(), ['sh', '-c', 'sleep 60 & sleep 60'], 50, processes), null);
  assert.equal(processes.listed.size, 0);
});

/** A command of Node that leaves a daemon, which holds its outputs open; `write` has the daemon's pid. It ends when all is written. */
function leavingDaemon(write: string): string[] {
  const spawn = "require('node:child_process').spawn('sleep', ['60'], { detached: true, stdio: 'inherit' })";
  return [
    'node',
    '-e',
    `const daemon = ${spawn}; daemon.unref(); process.exitCode = 4; const { pid } = daemon; ${write}`,
  ];
}

test('a command has ended when it has, whoever holds its outputs open', async (t) => {
  const answer = await runCommand(view(), leavingDaemon('console.log(pid)'), 30_000, table());
  assert.ok(answer);
  t.after(() => process.kill(Number(answer.output)));
  assert.equal(answer.exitCode, 4);
  assert.ok(processIdentity(Number(answer.output)), 'it still holds them');
});

test('what a command wrote before its end is all there, however slowly that is taken', async (t) => {
  const command = leavingDaemon("process.stderr.write(`${pid}`); process.stdout.write('x'.repeat(150_000))");
  const { process: child, exited } = await execInContainer(view(), command, table());
  let pid = '';
  child.stderr.on('data', (chunk: Buffer) => (pid += String(chunk)));
  t.after(() => process.kill(Number(pid)));
  let taken = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    taken += chunk.length;
    child.stdout.pause();
    // A reader that is slower than the while for which an ended command is listened to.
    setTimeout(() => child.stdout.resume(), 300);
  });
  await exited;
  assert.equal(taken, 150_000);
});

test('a command ends with its container', async () => {
  const ended = new AbortController();
  const processes = table();
  const { process: child, exited } = await execInContainer(view(ended.signal), ['sleep', '60'], processes);
  assert.deepEqual([...processes.listed], [child.pid]);
  ended.abort();
  assert.equal((await exited).exitCode, 137);
  await until('it is gone', () => processIdentity(child.pid!) === null);
});

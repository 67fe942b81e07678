import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import type { CommandStreams, TerminalSize } from '../streams/command-streams.ts';
import { until } from '../testing/until.ts';
import type { ContainerView } from './exec.ts';
import { processIdentity } from './process-identity.ts';
import { descendants } from './process-tree.ts';
import { remoteCommand } from './remote-command.ts';

const view: ContainerView = {
  env: { PATH: process.env.PATH!, COLOR: 'blue' },
  cwd: '/',
  mounts: [],
  ended: new AbortController().signal,
};
const stays = new AbortController().signal;

function table() {
  const listed = new Set<number>();
  return { listed, add: (pid: number) => void listed.add(pid), delete: (pid: number) => void listed.delete(pid) };
}

function streams(options: { stdin?: string; tty?: boolean; sizes?: TerminalSize[] } = {}) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  if (options.stdin !== undefined) stdin.end(options.stdin);
  const all: CommandStreams = {
    stdin: options.stdin === undefined ? null : stdin,
    stdout,
    stderr: options.tty ? null : stderr,
    tty: options.tty ?? false,
    onResize: (listener) => options.sizes?.forEach(listener),
  };
  const output = async () => {
    stdout.end();
    stderr.end();
    return { out: await text(stdout), err: await text(stderr) };
  };
  return { all, output };
}

test('a command of a client has its own streams, and its exit code is told', async () => {
  const { all, output } = streams();
  const code = 'console.log(process.env.COLOR); console.error("oh"); process.exit(3)';
  assert.equal(await remoteCommand(view, ['node', '-e', code], all, stays, table()), 3);
  assert.deepEqual(await output(), { out: 'blue\n', err: 'oh\n' });
});

test('it reads what the client writes until that ends, and nothing where the client has no input', async () => {
  const given = streams({ stdin: 'hello' });
  assert.equal(await remoteCommand(view, ['cat'], given.all, stays, table()), 0);
  assert.equal((await given.output()).out, 'hello');
  assert.equal(await remoteCommand(view, ['cat'], streams().all, stays, table()), 0);
});

test('one that is not there, and none at all, are refused in the words of a container runtime', async () => {
  const refused = (command: string[], message: RegExp, tty = false) =>
    assert.rejects(remoteCommand(view, command, streams({ tty }).all, stays, table()), {
      code: 'InternalError',
      message,
    });
  await refused(['nope'], /exec: "nope": executable file not found in \$PATH/);
  await refused([], /args must not be empty/);
});

test('it ends when the client leaves, with all it has started', async () => {
  const gone = new AbortController();
  const processes = table();
  const running = remoteCommand(view, ['sh', '-c', 'sleep 60 & sleep 60'], streams().all, gone.signal, processes);
  await until('it runs', () => processes.listed.size === 1);
  const [pid] = [...processes.listed];
  gone.abort();
  assert.equal(await running, 137);
  await until('it is gone', () => processIdentity(pid!) === null);
  assert.equal(processes.listed.size, 0);
});

test('it ends with a client that has read nothing of much', async () => {
  const gone = new AbortController();
  const { all } = streams();
  const running = remoteCommand(view, ['yes'], all, gone.signal, table());
  await until('all is full', () => all.stdout!.writableNeedDrain);
  all.stdout!.destroy();
  gone.abort();
  assert.equal(await running, 137);
});

test('what it leaves running in the background ends with it', async () => {
  const { all, output } = streams();
  assert.equal(await remoteCommand(view, ['sh', '-c', 'sleep 60 & echo $!'], all, stays, table()), 0);
  const pid = Number((await output()).out);
  await until('it is gone', () => processIdentity(pid) === null);
});

const script = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout ?? '';
const skip = script.includes('util-linux') ? false : 'there is no script of util-linux on this machine';

test('on a terminal it has one output, the size of the client’s, and its own exit code', { skip }, async () => {
  const { all, output } = streams({ tty: true, sizes: [{ width: 101, height: 33 }] });
  const loop = 'until [ "$(stty size)" = "33 101" ]; do sleep 0.05; done';
  const command = ['sh', '-c', `tty; ${loop}; echo "it's $TERM" >&2; exit 7`];
  assert.equal(await remoteCommand(view, command, all, stays, table()), 7);
  assert.match((await output()).out, /^\/dev\/pts\/\d+\r\nit's xterm\r\n$/);
});

test('of many sizes at once a terminal has the last, and not a process for each', { skip }, async () => {
  const sizes = Array.from({ length: 3000 }, (_, index) => ({ width: 1000 + index, height: 33 }));
  const { all, output } = streams({ tty: true, sizes });
  const looked: number[] = [];
  const timer = setInterval(() => looked.push(descendants(process.pid).length), 5);
  const loop = 'until [ "$(stty size)" = "33 3999" ]; do sleep 0.05; done';
  assert.equal(await remoteCommand(view, ['sh', '-c', loop], all, stays, table()), 0);
  clearInterval(timer);
  await output();
  // `script`, a shell or two, and what those run.
  assert.ok(Math.max(...looked) < 20, `${Math.max(...looked)} processes`);
});

test('on a terminal, no variable of the container says which shell starts it', { skip }, async () => {
  const { all, output } = streams({ tty: true });
  const hostile = { ...view, env: { ...view.env, SHELL: '/bin/false' } };
  assert.equal(await remoteCommand(hostile, ['echo', 'hello'], all, stays, table()), 0);
  assert.equal((await output()).out, 'hello\r\n');
});

test('on a terminal, too, a command that is not there is refused', { skip }, async () => {
  await assert.rejects(
    remoteCommand(view, ['nope'], streams({ tty: true }).all, stays, table()),
    /executable file not found/,
  );
});

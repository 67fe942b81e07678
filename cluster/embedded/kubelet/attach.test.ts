import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import type { CommandStreams } from '../streams/command-streams.ts';
import { attachTo } from './attach.ts';
import type { ContainerProcess, OutputListener } from './container-process.ts';

/** A container that says and reads what a test wants. */
function container() {
  const said = new EventEmitter<{ said: Parameters<OutputListener> }>();
  const ended = Promise.withResolvers<{ exitCode: number; signal: null }>();
  const stdin = new PassThrough();
  const process: ContainerProcess = {
    ...{ pid: 0, tty: false, stdin, exited: ended.promise, stop: () => undefined, kill: () => undefined },
    onOutput(listener) {
      said.on('said', listener);
      return () => void said.off('said', listener);
    },
  };
  return { process, stdin, said, end: () => ended.resolve({ exitCode: 0, signal: null }) };
}

function client() {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const streams: CommandStreams = { stdin, stdout, stderr, tty: false, onResize: () => undefined };
  return { streams, stdin, stdout, stderr };
}

test('a client has what a container says on each output from then on, until it ends', async () => {
  const { process, said, end } = container();
  const { streams, stdout, stderr } = client();
  const attached = attachTo(process, streams, false, new AbortController().signal);
  said.emit('said', 'stdout', Buffer.from('out'));
  said.emit('said', 'stderr', Buffer.from('err'));
  end();
  await attached;
  assert.deepEqual([String(stdout.read()), String(stderr.read())], ['out', 'err']);
  assert.equal(said.listenerCount('said'), 0);
});

test('an input that is for one client ends with it, and stays otherwise', async () => {
  for (const stdinOnce of [true, false]) {
    const { process, stdin } = container();
    const gone = new AbortController();
    const attached = attachTo(process, client().streams, stdinOnce, gone.signal);
    gone.abort();
    await attached;
    assert.equal(stdin.writableEnded, stdinOnce);
  }
});

test('a client that does not read is cut off: neither does the container wait nor the memory grow', async () => {
  const { process, said } = container();
  const attached = attachTo(process, client().streams, false, new AbortController().signal);
  for (let piece = 0; piece < 10; piece++) said.emit('said', 'stdout', Buffer.alloc(2 ** 20));
  await attached;
  assert.equal(said.listenerCount('said'), 0);
});

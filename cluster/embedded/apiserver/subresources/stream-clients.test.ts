import { deepEqual, equal, match } from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { PassThrough, type Duplex } from 'node:stream';
import { describe, it, type TestContext } from 'node:test';
import { PortForward } from '@kubernetes/client-node';
import type { TerminalSize } from '../../streams/command-streams.ts';
import { until } from '../../testing/until.ts';
import type { NodeProxy } from '../api.ts';
import { EXEC, open } from '../testing/command-client.ts';
import { podOf } from '../testing/objects.ts';
import { emptyNode, testServer } from '../testing/test-server.ts';

/** A server with a pod, all of whose commands wait for their client to leave; what they have read, their sizes, and how many run. */
async function waiting(t: TestContext) {
  const seen = { running: 0, sizes: [] as TerminalSize[], read: 0 };
  const exec: NodeProxy['exec'] = async (_pod, _container, _command, { stdin, onResize }, gone) => {
    seen.running += 1;
    stdin?.on('data', (data: Buffer) => (seen.read += data.length));
    onResize((size) => seen.sizes.push(size));
    if (!gone.aborted) await once(gone, 'abort');
    seen.running -= 1;
    return 0;
  };
  const dial = () => agreeing(t);
  const server = await testServer(t, { ...emptyNode, exec, dial });
  await server.api.create('Pod', podOf('web', { nodeName: 'node-1' }));
  await server.api.patch('Pod', 'web', 'shop', { status: { phase: 'Running', podIP: '10.244.1.2' } }, 'status');
  return { server, seen };
}

/** A connection to a program that agrees to every upgrade. */
async function agreeing(t: TestContext): Promise<Duplex> {
  const program = createServer().listen(0, '127.0.0.1');
  program.on('upgrade', (_req, socket: Duplex) =>
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
  );
  t.after(() => program.close());
  await once(program, 'listening');
  const socket = connect((program.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

/** What a client sends that asks to go on by WebSocket. */
const upgrade = {
  ...{ connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' },
  ...{ 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==', 'sec-websocket-protocol': 'v5.channel.k8s.io' },
};

describe('a client of a command', () => {
  it('that answers no greeting for a minute is dead, and the command ends', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] });
    const { server, seen } = await waiting(t);
    const dead = await open(server, 'stdin=1&stdout=1', undefined, { autoPong: false });
    const alive = await open(server, 'stdin=1&stdout=1');
    await until('both run', () => seen.running === 2);
    for (let beat = 0; beat < 14; beat++) {
      const greeted = once(alive.socket, 'ping');
      t.mock.timers.tick(5000);
      await greeted;
      // Its answer is on the way; what is sent behind it has come when it has.
      const before = seen.read;
      alive.socket.send(Buffer.from('\0x'));
      await until('the answer has come', () => seen.read > before);
    }
    await until('one is left', () => seen.running === 1);
    equal(dead.socket.readyState === dead.socket.OPEN, false);
    equal(alive.socket.readyState, alive.socket.OPEN);
    alive.socket.terminate();
    await until('none is left', () => seen.running === 0);
  });

  it('tells how large its terminal is, and what is no size is passed over', async (t) => {
    const { server, seen } = await waiting(t);
    const { socket } = await open(server, 'stdin=1&stdout=1&tty=1');
    const rubbish = ['', 'x', '[]', 'null', '{"Width":-1,"Height":5}', '{"Width":70000,"Height":5}', '{"Width":"80"}'];
    for (const text of ['{"Width":80,"Height":24}', ...rubbish, '{"Width":100,"Height":30}']) {
      socket.send(Buffer.from(`\x04${text}`));
    }
    await until('both sizes have come', () => seen.sizes.length === 2);
    deepEqual(seen.sizes, [
      { width: 80, height: 24 },
      { width: 100, height: 30 },
    ]);
    socket.terminate();
    await until('the command is told', () => seen.running === 0);
  });

  it('may send 16 MiB in a message; a longer one ends the connection, and the command', async (t) => {
    const { server, seen } = await waiting(t);
    const { socket } = await open(server, 'stdin=1&stdout=1');
    const closed = once(socket, 'close');
    socket.send(Buffer.alloc(16 * 2 ** 20));
    await until('it is read', () => seen.read === 16 * 2 ** 20 - 1);
    socket.on('error', () => undefined).send(Buffer.alloc(16 * 2 ** 20 + 1));
    equal((await closed)[0], 1009);
    await until('the command is told', () => seen.running === 0);
  });

  it('is refused for a while when 256 connections are open', async (t) => {
    const { server, seen } = await waiting(t);
    const clients = await Promise.all(Array.from({ length: 256 }, () => open(server, 'stdout=1')));
    const { status, headers, json } = await server.send('GET', `${EXEC}?stdout=1`, undefined, upgrade);
    deepEqual([status, headers['retry-after'], json().reason], [429, '1', 'TooManyRequests']);
    match(json().message, /256 connections .* are open/);
    // Also where somebody else has agreed already.
    const proxied = await server.send('GET', '/api/v1/namespaces/shop/pods/web/proxy/', undefined, upgrade);
    equal(proxied.status, 429);
    clients.pop()!.socket.terminate();
    await until('one has left', () => seen.running === 255);
    const next = await open(server, 'stdout=1');
    for (const { socket } of [...clients, next]) socket.terminate();
    await until('the commands are told', () => seen.running === 0);
  });
});

describe('a client of port-forward', () => {
  it('that answers no greeting for a minute is dead, and so is its connection into the pod', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] });
    const pod = new PassThrough();
    const server = await testServer(t, { ...emptyNode, dial: async () => pod });
    await server.api.create('Pod', podOf('web'));
    await server.api.patch('Pod', 'web', 'shop', { status: { phase: 'Running' } }, 'status');
    const streams = [new PassThrough(), null, new PassThrough()] as const;
    const socket = await new PortForward(server.config).portForward('shop', 'web', [80], ...streams);
    await until('the pod is reached', () => pod.listenerCount('data') > 0);
    // It has heard the numbers of the ports.
    t.mock.timers.tick(5000);
    await once(socket as never, 'ping');
    (socket as { pause(): void }).pause();
    for (let beat = 0; beat < 20 && !pod.destroyed; beat++) {
      t.mock.timers.tick(5000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until('the connection is closed', () => pod.destroyed);
    (socket as { terminate(): void }).terminate();
  });
});

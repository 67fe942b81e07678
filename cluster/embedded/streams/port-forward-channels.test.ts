import { deepEqual, equal } from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { describe, it, type TestContext } from 'node:test';
import { WebSocket } from 'ws';
import { until } from '../testing/until.ts';
import { forwardChannels, PORT_CHANNELS_PROTOCOL } from './port-forward-channels.ts';

/** A port of this machine that does `serve` with each connection. */
async function port(t: TestContext, serve: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    serve(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A client of forwarded ports, what it has heard on each channel, and the connections to the ports. */
async function forwarding(t: TestContext, ports: number[]) {
  const dialled = new Map<number, Socket>();
  const target = {
    ...{ name: 'web', uid: '1' },
    async dial(number: number) {
      const socket = connect(number, '127.0.0.1');
      await once(socket, 'connect');
      dialled.set(number, socket);
      return socket;
    },
  };
  const server = createHttpServer().listen(0, '127.0.0.1');
  server.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    void forwardChannels({ req, socket, head }, target, ports);
  });
  await once(server, 'listening');
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, [PORT_CHANNELS_PROTOCOL]);
  const heard: Record<number, string> = {};
  client.on('message', (message: Buffer) => {
    heard[message[0]!] = (heard[message[0]!] ?? '') + message.subarray(1).toString('latin1');
  });
  t.after(() => {
    client.terminate();
    server.close();
  });
  await once(client, 'open');
  const send = (channel: number, data: string | Buffer) =>
    new Promise<void>((resolve) =>
      client.send(Buffer.concat([Buffer.of(channel), Buffer.from(data)]), () => resolve()),
    );
  await until('all ports are reached', () => dialled.size === ports.length);
  return { client, heard, send, dialled };
}

const echo = (socket: Socket) => void socket.pipe(socket);

describe('ports on the channels of one WebSocket', () => {
  it('does not let what one port does not take pile up while another takes everything', async (t) => {
    const stuck = await port(t, (socket) => socket.pause());
    const busy = await port(t, (socket) => socket.resume());
    const { client, send, dialled } = await forwarding(t, [stuck, busy]);
    const piece = Buffer.alloc(64 * 1024);
    for (let sent = 0; sent < 1500; sent++) {
      void send(0, piece);
      void send(2, piece);
    }
    let last = -1;
    await until('nothing moves any more', () => {
      const before = last;
      last = client.bufferedAmount;
      return before === last && dialled.get(stuck)!.writableLength > 0;
    });
    const waiting = dialled.get(stuck)!.writableLength;
    equal(waiting < 2 ** 20, true, `${waiting} bytes wait for the port that takes nothing`);
    equal(client.bufferedAmount > 0, true, 'the client was not made to wait');
  });

  it('goes on with one port when the pod has closed another that is still written to', async (t) => {
    const closed = await port(t, (socket) => socket.end('bye'));
    const { heard, send, client } = await forwarding(t, [closed, await port(t, echo)]);
    await until('it is closed', () => heard[0]?.endsWith('bye'));
    await send(0, Buffer.alloc(2 ** 20));
    await send(2, 'hello');
    await until('the other answers', () => heard[2]?.endsWith('hello'));
    equal(client.readyState, client.OPEN);
  });

  it('ends the connections into the pod with the client', async (t) => {
    const stuck = await port(t, (socket) => socket.pause());
    const { client, send, dialled } = await forwarding(t, [stuck, await port(t, echo)]);
    await send(0, Buffer.alloc(2 ** 24 - 1));
    t.mock.timers.enable({ apis: ['setTimeout'] });
    client.terminate();
    while (![...dialled.values()].every(({ destroyed }) => destroyed)) {
      t.mock.timers.tick(1000);
      await new Promise((resolve) => setImmediate(resolve));
    }
  });

  it('says what is a port of whose, and what is none of them is passed over', async (t) => {
    const ports = [await port(t, echo), await port(t, echo)];
    const { heard, send } = await forwarding(t, ports);
    for (const channel of [1, 3, 4, 255]) await send(channel, 'nobody');
    await send(2, 'hello');
    await until('it answers', () => heard[2]?.endsWith('hello'));
    const named = (channel: number) => heard[channel]!.charCodeAt(0) + 256 * heard[channel]!.charCodeAt(1);
    deepEqual([0, 1, 2, 3].map(named), [ports[0], ports[0], ports[1], ports[1]]);
    deepEqual(Object.keys(heard), ['0', '1', '2', '3']);
  });
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { Server } from 'socket.io';
import type { Frame, ServerEvents } from '../../server/contract/frame.ts';
import { connection } from './connection.ts';
import type { ConnectionState } from './connection.ts';
import { openStream } from './stream.ts';

/** Resolves once the page's connection is in that state. */
function becomes(state: ConnectionState): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = connection.subscribe(() => connection.get() === state && resolve());
  return promise.finally(stop);
}

test('a server that says goodbye is found again by itself', { timeout: 30_000 }, async (context) => {
  const http = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => http.once('listening', resolve));
  const server = new Server<Record<string, never>, ServerEvents>(http);
  context.after(() => server.close());
  server.on('connection', (page) => page.emit('snapshot', { time: 0, signals: {} } as Frame));

  let live = becomes('live');
  context.after(openStream(`http://127.0.0.1:${(http.address() as AddressInfo).port}`));
  await live;

  const lost = becomes('lost');
  live = becomes('live');
  server.disconnectSockets(true);
  await lost;
  await live;
});

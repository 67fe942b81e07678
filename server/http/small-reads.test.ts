import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, test } from 'node:test';
import { WebSocketServer, WebSocket } from 'ws';
import { readInPieces } from './small-reads.ts';

let server: Server;

async function serve(listener: RequestListener): Promise<number> {
  server = createServer(listener);
  readInPieces(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

test('requests that came with the one that a connection was cut off for are not begun', async () => {
  let begun = 0;
  const port = await serve(({ socket }) => {
    begun++;
    socket.destroy();
  });
  const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n'.repeat(2000)));
  socket.on('error', () => {}).resume();
  await new Promise((resolve) => socket.once('close', resolve));
  assert.ok(begun > 0 && begun < 50, `${begun} were begun`);
});

test('bodies arrive whole', async () => {
  const port = await serve((request, response) => void text(request).then((body) => response.end(body)));
  const body = Array.from({ length: 50_000 }, (_, i) => i).join(' ');
  for (let i = 0; i < 3; i++) {
    const answer = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body });
    assert.equal(await answer.text(), body);
  }
});

test('so do the messages of sockets', async () => {
  const port = await serve((_request, response) => void response.end());
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(String(data))));
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
  await once(socket, 'open');
  for (const message of ['x'.repeat(100_000), 'short']) {
    socket.send(message);
    assert.equal(String(((await once(socket, 'message')) as [Buffer])[0]), message);
  }
  socket.terminate();
});

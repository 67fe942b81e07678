import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { test } from 'node:test';
import { adminRequest } from './admin-request.ts';

test('a refusal that never ends is given up, and is a refusal', async (t) => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => socket.write('HTTP/1.1 500 Sick\r\ntransfer-encoding: chunked\r\n\r\n4\r\nwell\r\n'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const dial = async () => {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  };
  await assert.rejects(adminRequest(dial, { method: 'DELETE', path: '/admin/faults' }), {
    code: 'refused',
    message: /DELETE \/admin\/faults with 500: no whole answer for \d+ ms/,
  });
});

import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { test } from 'node:test';
import { Connection, type Route } from './connection.ts';
import { FaultsInForce } from './faults-in-force.ts';

const source = {
  uid: 'a',
  name: 'a',
  namespace: 'shop',
  app: 'a',
  nodeName: 'n',
  ip: '10.244.1.2',
  token: '',
  published: [],
};

function open(route: Pick<Route, 'realPort' | 'localAddress'>) {
  let isOver = false;
  const faults = new FaultsInForce({ onChange: () => undefined, onCounts: () => undefined });
  const connection = new Connection(
    { source, destinationUid: null, services: [], ...route },
    faults,
    () => (isOver = true),
  );
  const answer = new Promise<string | null>((resolve) => connection.open(resolve));
  return { connection, answer, isOver: () => isOver };
}

test('a caller whose own address has no port left is connected from plain loopback', async (t) => {
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  // TEST-NET-1 (RFC 5737): an address no machine has, so that the bind fails as an exhausted one does.
  const { connection, answer } = open({ realPort: port, localAddress: '192.0.2.1' });
  assert.equal(await answer, null);
  connection.reset();
});

test('a connection that nobody accepts is over once that is said', async () => {
  const { answer, isOver } = open({ realPort: 1, localAddress: undefined });
  assert.equal(await answer, 'ECONNREFUSED');
  assert.ok(isOver());
});

test('a reset before the answer is the answer', async () => {
  const { connection, answer, isOver } = open({ realPort: 1, localAddress: undefined });
  connection.reset();
  assert.equal(await answer, 'ECONNRESET');
  assert.ok(isOver());
});

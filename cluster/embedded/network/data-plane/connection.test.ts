import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { test } from 'node:test';
import type { StreamFault } from '../../../network-faults/index.ts';
import { until } from '../../testing/until.ts';
import { BusyPoll } from './busy-poll.ts';
import { Connection, type Route } from './connection.ts';
import { FaultsInForce } from './faults-in-force.ts';
import { Orphans } from './orphans.ts';

const source = {
  uid: 'a',
  name: 'a',
  namespace: 'shop',
  nodeName: 'n',
  ip: '10.244.1.2',
  token: '',
  published: [],
};

/** @param fault acts on it, for a minute */
function open(route: Pick<Route, 'realPort' | 'localAddress'>, fault?: StreamFault, orphans = new Orphans()) {
  let isOver = false;
  const faults = new FaultsInForce({ onChange: () => undefined, onCounts: () => undefined });
  const services = ['shop/bank'];
  if (fault) faults.set([{ id: 'f', sources: ['a'], destinations: services, fault, remainingMs: 60_000 }]);
  const connection = new Connection(
    { source, destination: null, services, host: '127.0.0.1', ...route },
    { faults, busy: new BusyPoll(), orphans },
    () => (isOver = true),
  );
  const answer = new Promise<string | null>((resolve) => connection.open(resolve));
  return { connection, answer, isOver: () => isOver, endFault: () => faults.set([]) };
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

test('connecting to where nobody answers ends when Linux would give up', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { answer, isOver } = open({ realPort: 1, localAddress: undefined }, { type: 'partition', attributes: {} });
  t.mock.timers.tick(126_999);
  assert.ok(!isOver());
  t.mock.timers.tick(1);
  assert.equal(await answer, 'ETIMEDOUT');
  assert.ok(isOver());
});

test('of callers that have left something that hangs, the one that left first is given up when there are too many', async (t) => {
  const listen = async (onSocket: (socket: Socket) => void) => {
    const server = createServer({ allowHalfOpen: true }, onSocket).listen(0, '127.0.0.1');
    t.after(() => server.close());
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const callees: Socket[] = [];
  const realPort = await listen((socket) => callees.push(socket.on('error', () => undefined).resume()));
  const orphans = new Orphans(1);
  const leave = async () => {
    const fault = { type: 'hang', attributes: {} } as const;
    const { connection, answer, isOver, endFault } = open({ realPort, localAddress: undefined }, fault, orphans);
    t.after(endFault);
    assert.equal(await answer, null);
    const port = await listen((socket) => connection.join(socket));
    connect(port, '127.0.0.1').end('hello?').resume().destroySoon();
    return { connection, isOver };
  };
  const first = await leave();
  const second = await leave();
  await until('the first is over', () => first.isOver());
  assert.ok(!second.isOver());
  second.connection.reset();
  for (const callee of callees) callee.destroy();
});

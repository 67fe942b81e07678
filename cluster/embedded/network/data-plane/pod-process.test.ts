import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { test } from 'node:test';
import { ClusterDns } from './cluster-dns.ts';
import { EdgePort } from './edge-port.ts';
import { PodProcess } from './pod-process.ts';
import { PodTable } from './pod-table.ts';
import { ReturningPods } from './returning-pods.ts';
import { Routing } from './routing.ts';

test('a connection that does not say who it is is closed', async (t) => {
  const pods = new PodTable();
  const server = createServer((socket) => {
    const board = {
      directory: '',
      pods,
      dns: new ClusterDns(pods),
      routing: new Routing(pods),
      edge: new EdgePort(),
      returning: new ReturningPods(0),
      faults: { lookup: () => null },
    };
    const newConnection = () => assert.fail('nobody may dial before that');
    new PodProcess(socket, { ...board, newConnection, helloMs: 20 });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => server.close());
  const silent = connect((server.address() as AddressInfo).port, '127.0.0.1');
  silent.resume();
  await once(silent, 'close');
});

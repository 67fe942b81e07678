import assert from 'node:assert/strict';
import type { Agent } from 'node:http';
import type { Socket } from 'node:net';
import { after, afterEach, before, test } from 'node:test';
import { until } from '../testing/until.ts';
import { service, TestNetwork, type TestPod } from './testing/test-network.ts';

let net: TestNetwork;
let orders: TestPod;
let payments: TestPod;

before(async () => {
  net = await TestNetwork.start();
  orders = await net.pod('orders-1');
  payments = await net.pod('payments-1', 'node-2');
  await payments.serveHello();
  net.network.setServices([service('payments', '10.96.0.7', [payments])]);
});
after(() => net.close());
afterEach(() => net.network.setPolicies([]));

const denyAll = () => net.network.setPolicies([{ pods: ['payments-1'], ingress: [] }]);
const call = () =>
  orders.run(async () => (await fetch('http://payments:8080/', { headers: { connection: 'close' } })).text());

/** Begins to connect and tells what has come of it by now, as often as it is asked. */
const begin = (address: string) =>
  orders.run(async (address) => {
    const { connect } = await import('node:net');
    const attempt = { state: 'connecting', socket: connect(8080, address) };
    attempt.socket.once('connect', () => (attempt.state = 'connected'));
    attempt.socket.once('error', (error: NodeJS.ErrnoException) => (attempt.state = error.code ?? ''));
    Object.assign(globalThis, { attempt });
  }, address);
const state = () => orders.run(() => (globalThis as unknown as { attempt: { state: string } }).attempt.state);

test('a connection that no policy permits gets no answer, whichever address it goes to', async () => {
  denyAll();
  for (const address of ['payments', payments.attachment.ip]) {
    await begin(address);
    // A question that is asked later is answered before: this one is not.
    for (let asked = 0; asked < 20; asked++)
      await orders.run(async () => (await import('node:dns')).promises.lookup('payments'));
    assert.equal(await state(), 'connecting');
    await orders.run(() => (globalThis as unknown as { attempt: { socket: Socket } }).attempt.socket.destroy());
  }
});

test('a node port at the machine’s own address is no way around a policy', async () => {
  const route = service('payments', '10.96.0.7', [payments]);
  const nodePort = await net.network.freePort();
  const ports = route.ports.map((port) => ({ ...port, nodePort, machinePorts: [nodePort] }));
  net.network.setServices([{ ...route, ports }]);
  const answer = () =>
    orders.run(async (port) => {
      const request = { signal: AbortSignal.timeout(900), headers: { connection: 'close' } };
      return (await fetch(`http://10.240.0.1:${port}/`, request)).text();
    }, nodePort);
  await until('it answers', async () => (await answer().catch(() => '')) === 'hello from payments-1');
  denyAll();
  await assert.rejects(answer());
});

test('what is allowed again comes through', async () => {
  denyAll();
  net.network.setPolicies([
    {
      pods: ['payments-1'],
      ingress: [{ peers: { pods: ['orders-1'], blocks: [] }, ports: [{ from: 8080, to: 8080 }] }],
    },
  ]);
  assert.equal(await call(), 'hello from payments-1');
});

test('a connection that waits for its answer is made once a policy permits it', async () => {
  denyAll();
  await begin('payments');
  await orders.run(async () => (await import('node:dns')).promises.lookup('payments'));
  assert.equal(await state(), 'connecting');
  net.network.setPolicies([]);
  await until('it is made', async () => (await state()) === 'connected');
  await orders.run(() => (globalThis as unknown as { attempt: { socket: Socket } }).attempt.socket.destroy());
});

test('a connection that stands goes on', async () => {
  await orders.run(async () => {
    const http = await import('node:http');
    Object.assign(globalThis, { agent: new http.Agent({ keepAlive: true, maxSockets: 1 }) });
  });
  const kept = () =>
    orders.run(async () => {
      const { get } = await import('node:http');
      const { agent } = globalThis as unknown as { agent: Agent };
      return new Promise((resolve, reject) => {
        get('http://payments:8080/', { agent }, (response) => {
          response.resume().once('end', () => resolve(response.statusCode));
        }).once('error', reject);
      });
    });
  assert.equal(await kept(), 200);
  denyAll();
  assert.equal(await kept(), 200);
});

test('a pod that may call nobody still looks names up, calls itself, and is called by its node', async () => {
  net.network.setPolicies([{ pods: ['payments-1'], ingress: [], egress: [] }]);
  const found = await payments.run(async () => {
    const { lookup } = await import('node:dns/promises');
    return (await lookup('payments')).address;
  });
  assert.equal(found, '10.96.0.7');
  const own = await payments.run(async (ip) => (await fetch(`http://${ip}:8080/`)).text(), payments.attachment.ip);
  assert.equal(own, 'hello from payments-1');
  const socket = await net.network.dial('payments-1', 8080);
  socket.destroy();
});

test('policies outlive the data plane', async () => {
  denyAll();
  const before = net.network.dataPlanePid;
  process.kill(before!, 'SIGKILL');
  await until('there is another', () => net.network.dataPlanePid !== before);
  await net.network.ready();
  await begin('payments');
  for (let asked = 0; asked < 20; asked++)
    await orders.run(async () => (await import('node:dns')).promises.lookup('payments'));
  assert.equal(await state(), 'connecting');
});

import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { after, afterEach, before, test } from 'node:test';
import { until } from '../testing/until.ts';
import { delay, service, TestNetwork, type TestPod } from './testing/test-network.ts';

let net: TestNetwork;
let orders: TestPod;
let users: TestPod;

before(async () => {
  net = await TestNetwork.start();
  orders = await net.pod('orders-1');
  users = await net.pod('users-1', 'node-2');
  const payments = await net.pod('payments-1', 'node-2');
  await payments.serveHello();
  net.network.setServices([
    service('payments', '10.96.0.7', [payments]),
    service('billing', '10.96.0.8', [payments]),
    service('headless', null, [payments]),
  ]);
});
after(() => net.close());
afterEach(async () => {
  await net.network.setFaults([]);
  delete net.counts.slow;
});

/** How long one call over the pod's one kept connection takes, in ms. */
const timeCall = (pod: TestPod, host = 'payments') =>
  pod.run(async (host) => {
    const { Agent, get } = await import('node:http');
    const kept = globalThis as unknown as { agent?: InstanceType<typeof Agent> };
    const agent = (kept.agent ??= new Agent({ keepAlive: true, maxSockets: 1 }));
    const start = performance.now();
    await new Promise<void>((resolve, reject) => {
      get(`http://${host}:8080/`, { agent }, (response) => {
        response.resume().once('end', () => resolve());
      }).once('error', reject);
    });
    return performance.now() - start;
  }, host);

test('a delay acts on the next call of a live connection, each way, and its removal too', async () => {
  await timeCall(orders);
  await net.network.setFaults([delay(300, [orders, users])]);
  assert.ok((await timeCall(orders)) >= 600);
  await net.network.setFaults([delay(30_000, [orders, users])]);
  await net.network.setFaults([]);
  assert.ok((await timeCall(orders)) < 20_000);
});

test('removing a delay lets go what it holds', async () => {
  await timeCall(orders);
  await net.network.setFaults([delay(30_000, [orders, users])]);
  const call = timeCall(orders);
  await until('it is held', () => net.counts.slow?.delayed === 1);
  await net.network.setFaults([]);
  assert.ok((await call) < 20_000);
});

test('a delay holds only the calls of its source, whatever else calls the same pod', async () => {
  await timeCall(orders);
  await timeCall(users);
  await net.network.setFaults([delay(30_000, [orders])]);
  const held = timeCall(orders);
  await until('it is held', () => net.counts.slow?.delayed === 1);
  assert.ok((await timeCall(users)) < 20_000);
  assert.ok((await timeCall(users, 'billing')) < 20_000);
  assert.deepEqual(net.counts.slow?.pods, ['orders-1']);
  await net.network.setFaults([]);
  await held;
});

test('a rule that is handed over again keeps the lease it began with', async () => {
  await timeCall(orders);
  const since = performance.now();
  await net.network.setFaults([delay(30_000, [orders], { remainingMs: 2_000 })]);
  await net.network.setFaults([delay(30_000, [orders, users])]);
  await timeCall(orders);
  assert.ok(performance.now() - since < 20_000);
});

test('the first call that is held back is told of at once, while it is held', async () => {
  await timeCall(orders);
  await net.network.setFaults([delay(30_000, [orders])]);
  const told = new Promise<void>((resolve) => net.network.onFaultCounts(() => resolve()));
  const call = timeCall(orders);
  await told;
  await net.network.setFaults([]);
  assert.ok((await call) < 20_000);
});

test('another Service before the same pods is another edge', async () => {
  await timeCall(users);
  await net.network.setFaults([delay(30_000, [orders, users])]);
  assert.ok((await timeCall(users, 'billing')) < 20_000);
});

test('the handshake of a new connection takes a round trip more', async () => {
  await net.network.setFaults([delay(100, [orders, users])]);
  const connectMs = await users.run(async () => {
    const { connect } = await import('node:net');
    const start = performance.now();
    const socket = connect(8080, 'payments');
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.destroy();
    return performance.now() - start;
  });
  assert.ok(connectMs >= 200, `connected after ${connectMs} ms`);
});

test('a pod that is called by its own address is still called as its Services', async () => {
  await net.network.setFaults([delay(100, [orders], { destinations: ['shop/headless'] })]);
  assert.ok((await timeCall(orders, 'headless')) >= 200);
});

test('a fault ends by itself, without a word from the cluster process', async () => {
  await timeCall(orders);
  const since = performance.now();
  await net.network.setFaults([delay(30_000, [orders], { remainingMs: 3_000 })]);
  const took = await timeCall(orders);
  assert.ok(performance.now() - since >= 3_000 && took < 20_000);
  assert.deepEqual(await net.network.actingFaults(), []);
  assert.equal(net.counts.slow?.delayed, 1, 'what it did has been told');
});

test('a fault that has expired when it is set does nothing', async () => {
  await timeCall(orders);
  await net.network.setFaults([delay(60_000, [orders], { remainingMs: 0 })]);
  await timeCall(orders);
  assert.deepEqual([await net.network.actingFaults(), net.counts.slow], [[], undefined]);
});

test('requests and pods are counted, a fault that is set again counts on, and its last counts are told before it goes', async () => {
  await timeCall(orders);
  await timeCall(users);
  const rule = delay(5, [orders, users], {}, 5);
  await net.network.setFaults([rule]);
  for (let i = 0; i < 3; i++) await timeCall(orders);
  await net.network.setFaults([delay(10, [orders, users])]);
  await timeCall(users);
  await net.network.setFaults([]);
  const { delayed, pods } = net.counts.slow!;
  assert.deepEqual([delayed, pods], [4, ['orders-1', 'users-1']]);
});

test('order is kept whatever the jitter', async () => {
  const callee = await net.pod('echo-1');
  await callee.run(async () => {
    const { createServer } = await import('node:net');
    await new Promise<void>((resolve) => createServer((socket) => socket.pipe(socket)).listen(8080, resolve));
  });
  net.network.setServices([service('payments', '10.96.0.7', [callee])]);
  await net.network.setFaults([delay(20, [orders], {}, 20)]);
  const echoed = await orders.run(async () => {
    const { connect } = await import('node:net');
    const socket = connect(8080, 'payments').setNoDelay(true).setEncoding('utf8');
    let echoed = '';
    socket.on('data', (text) => (echoed += String(text)));
    for (let i = 0; i < 100; i++) {
      socket.write(`${i},`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    socket.end();
    await new Promise((resolve) => socket.once('end', resolve));
    return echoed;
  });
  assert.equal(echoed, Array.from({ length: 100 }, (_, i) => `${i},`).join(''));
});

test('what a delay holds is bounded: the sender waits', async () => {
  await net.network.setFaults([delay(0, [orders, users])]);
  const callee = await net.pod('sink-1');
  await callee.run(async () => {
    const { createServer } = await import('node:net');
    const server = createServer((socket) => socket.resume().once('end', () => socket.end('done')));
    await new Promise<void>((resolve) => server.listen(8080, resolve));
  });
  net.network.setServices([service('payments', '10.96.0.7', [callee])]);
  await orders.run(async () => {
    const { connect } = await import('node:net');
    const socket = connect(8080, 'payments');
    await new Promise((resolve) => socket.once('connect', resolve));
    Object.assign(globalThis, { sending: socket });
  });
  await net.network.setFaults([delay(30_000, [orders, users])]);
  const pending = () => orders.run(() => (globalThis as unknown as { sending: Socket }).sending.writableLength);
  await orders.run(() => {
    (globalThis as unknown as { sending: Socket }).sending.end(Buffer.alloc(64 * 1024 * 1024));
  });
  let [last, unchanged] = [0, 0];
  while (unchanged < 50) {
    const now = await pending();
    assert.notEqual(now, 0, 'all 64 MB were taken at once');
    unchanged = now === last ? unchanged + 1 : 0;
    last = now;
  }
  await net.network.setFaults([]);
  const answer = await orders.run(async () => {
    const { sending } = globalThis as unknown as { sending: Socket };
    for await (const chunk of sending) return String(chunk);
  });
  assert.equal(answer, 'done');
});

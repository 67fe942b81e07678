import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
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
afterEach(() => net.network.setFaults([]));

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

/** Calls until one takes this long, or less: how a change is awaited without sleeping. */
const callUntil = async (holds: (ms: number) => boolean) => {
  const start = performance.now();
  while (!holds(await timeCall(orders))) assert.ok(performance.now() - start < 10_000, 'the fault never took effect');
};

test('a delay acts on the next call of a live connection, each way, and its removal too', async () => {
  await timeCall(orders);
  net.network.setFaults([delay(100)]);
  await net.network.faultCounters();
  assert.ok((await timeCall(orders)) >= 200);
  net.network.setFaults([]);
  await net.network.faultCounters();
  assert.ok((await timeCall(orders)) < 150);
});

test('removing a delay lets go what it holds', async () => {
  await timeCall(orders);
  net.network.setFaults([delay(30_000)]);
  await net.network.faultCounters();
  const call = timeCall(orders);
  while ((await net.network.faultCounters()).slow?.delayed !== 1);
  net.network.setFaults([]);
  assert.ok((await call) < 10_000);
});

test('a delay holds only the calls of its source, whatever else calls the same pod', async () => {
  await timeCall(users);
  net.network.setFaults([delay(150, { source: 'orders' })]);
  await net.network.faultCounters();
  assert.ok((await timeCall(orders)) >= 300);
  assert.ok((await timeCall(users)) < 250);
  assert.ok((await timeCall(orders, 'billing')) < 250, 'another Service before the same pod is another edge');
  assert.deepEqual((await net.network.faultCounters()).slow?.pods, ['orders-1']);
});

test('the handshake of a new connection takes a round trip more', async () => {
  net.network.setFaults([delay(100)]);
  await net.network.faultCounters();
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
  net.network.setFaults([delay(100, { destination: { namespace: 'shop', name: 'headless' } })]);
  await net.network.faultCounters();
  assert.ok((await timeCall(orders, 'headless')) >= 200);
});

test('a fault ends by itself, without a word from the cluster process', async () => {
  await timeCall(orders);
  net.network.setFaults([delay(200, { expiresAt: Date.now() + 700 })]);
  await net.network.faultCounters();
  assert.ok((await timeCall(orders)) >= 400);
  await callUntil((ms) => ms < 200);
  assert.ok((await net.network.faultCounters()).slow, 'what it did can be read until it is taken off the table');
});

test('a fault that has expired when it is set does nothing', async () => {
  await timeCall(orders);
  net.network.setFaults([delay(60_000, { expiresAt: Date.now() - 1 })]);
  await timeCall(orders);
  assert.deepEqual((await net.network.faultCounters()).slow, { delayed: 0, connections: 0, pods: [] });
});

test('requests, connections and pods are counted, and a fault that is set again counts on', async () => {
  await timeCall(orders);
  await timeCall(users);
  const rule = delay(5, { jitterMs: 5 });
  net.network.setFaults([rule]);
  for (let i = 0; i < 3; i++) await timeCall(orders);
  net.network.setFaults([{ ...rule, delayMs: 10 }]);
  await timeCall(users);
  assert.deepEqual((await net.network.faultCounters()).slow, {
    delayed: 4,
    connections: 2,
    pods: ['orders-1', 'users-1'],
  });
});

test('order is kept whatever the jitter', async () => {
  const callee = await net.pod('echo-1');
  await callee.run(async () => {
    const { createServer } = await import('node:net');
    await new Promise<void>((resolve) => createServer((socket) => socket.pipe(socket)).listen(8080, resolve));
  });
  net.network.setServices([service('payments', '10.96.0.7', [callee])]);
  net.network.setFaults([delay(20, { jitterMs: 20 })]);
  await net.network.faultCounters();
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
  net.network.setFaults([delay(0)]);
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
  net.network.setFaults([delay(30_000)]);
  await net.network.faultCounters();
  const pending = () =>
    orders.run(() => (globalThis as unknown as { sending: import('node:net').Socket }).sending.writableLength);
  await orders.run(() => {
    (globalThis as unknown as { sending: import('node:net').Socket }).sending.end(Buffer.alloc(64 * 1024 * 1024));
  });
  let [last, unchanged] = [0, 0];
  while (unchanged < 50) {
    const now = await pending();
    assert.notEqual(now, 0, 'all 64 MB were taken at once');
    unchanged = now === last ? unchanged + 1 : 0;
    last = now;
  }
  net.network.setFaults([]);
  const answer = await orders.run(async () => {
    const { sending } = globalThis as unknown as { sending: import('node:net').Socket };
    for await (const chunk of sending) return String(chunk);
  });
  assert.equal(answer, 'done');
});

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { service, TestNetwork, type TestPod } from './testing/test-network.ts';

let net: TestNetwork;
let orders: TestPod;
let payments: TestPod;

before(async () => {
  net = await TestNetwork.start();
  orders = await net.pod('orders-1');
  payments = await net.pod('payments-1', 'node-2');
  net.network.setServices([
    service('payments', '10.96.0.7', [payments]),
    service('idle', '10.96.0.8', []),
    {
      namespace: 'shop',
      name: 'lab',
      clusterIP: '10.96.0.9',
      members: [{ host: true }],
      ports: [{ name: '', port: 80, endpoints: [{ host: true, port: 1 }] }],
    },
  ]);
});
after(() => net.close());

const connectTo = (pod: TestPod, host: string, port: number) =>
  pod.run(
    async ({ host, port }) => {
      const { connect } = await import('node:net');
      return new Promise<string>((resolve, reject) => {
        const socket = connect(port, host, () => {
          socket.destroy();
          resolve('connected');
        });
        socket.once('error', reject);
      });
    },
    { host, port },
  );

const refusals: [string, string, number, string][] = [
  ['a port of a Service that no pod listens on yet', 'payments', 8080, 'ECONNREFUSED 10.96.0.7:8080'],
  ['a port that the Service does not have', 'payments', 81, 'ECONNREFUSED 10.96.0.7:81'],
  ['a Service without ready endpoints', 'idle', 8080, 'ECONNREFUSED 10.96.0.8:8080'],
  ['a pod that is not there any more', '10.244.9.9', 8080, 'EHOSTUNREACH 10.244.9.9:8080'],
  ['a port of its own that nothing listens on', '127.0.0.1', 9, 'ECONNREFUSED 127.0.0.1:9'],
  ['the same over IPv6', '::1', 9, 'ECONNREFUSED ::1:9'],
  ['a closed port of the host behind a Service', 'lab', 80, 'ECONNREFUSED 10.96.0.9:80'],
  ['a closed port of the host', '10.240.0.1', 1, 'ECONNREFUSED 10.240.0.1:1'],
];
for (const [what, host, port, message] of refusals) {
  test(`connecting to ${what} fails with ${message.split(' ')[0]}`, async () => {
    await assert.rejects(connectTo(orders, host, port), { message: `connect ${message}` });
  });
}

test('the host is reached at its address and behind Services', async () => {
  const { createServer } = await import('node:net');
  const lab = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => lab.listen(0, '127.0.0.1', resolve));
  const { port } = lab.address() as { port: number };
  assert.equal(await connectTo(orders, '10.240.0.1', port), 'connected');
  lab.close();
});

test('two containers of a pod cannot have the same port; two pods can', async () => {
  await payments.serveHello();
  const sidecar = await net.pod('payments-1');
  await assert.rejects(sidecar.serveHello(), { code: 'EADDRINUSE' });
  await assert.rejects(payments.serveHello(), { code: 'EADDRINUSE' });
  await orders.serveHello();

  await payments.kill();
  await sidecar.serveHello();
  assert.equal(await connectTo(orders, 'payments', 8080), 'connected');
  assert.equal(await connectTo(sidecar, '127.0.0.1', 8080), 'connected', 'containers of a pod share its localhost');
  assert.equal(await connectTo(sidecar, 'localhost', 8080), 'connected');
});

test('a server on localhost is for the pod alone', async () => {
  const bank = await net.pod('bank-1');
  const address = await bank.run(async () => {
    const { createServer } = await import('node:net');
    const server = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => server.listen(9000, 'localhost', resolve));
    return server.address();
  });
  assert.deepEqual(address, { address: '127.0.0.1', family: 'IPv4', port: 9000 });
  assert.equal(await connectTo(bank, 'localhost', 9000), 'connected');
  await assert.rejects(connectTo(orders, bank.attachment.ip, 9000), { code: 'ECONNREFUSED' });
});

test('a closed server gives its port back, and one that asks for any port gets one', async () => {
  const users = await net.pod('users-1');
  const ports = await users.run(async () => {
    const { createServer } = await import('node:net');
    const listen = async (port: number) => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(port, resolve));
      const address = server.address() as { port: number };
      await new Promise((resolve) => server.close(resolve));
      return address.port;
    };
    return [await listen(8080), await listen(8080), await listen(0)];
  });
  assert.deepEqual(ports.slice(0, 2), [8080, 8080]);
  assert.ok(Number(ports[2]) > 1023);
  await assert.rejects(connectTo(orders, users.attachment.ip, 8080), { code: 'ECONNREFUSED' });
});

test('a callee that dies ends its connections; one that is taken off the network resets them', async () => {
  const hold = async (uid: string) => {
    const callee = await net.pod(uid);
    await callee.run(async () => {
      const { createServer } = await import('node:net');
      const server = createServer((socket) => {
        socket.on('error', () => undefined);
        socket.write('x');
      });
      await new Promise<void>((resolve) => server.listen(7000, resolve));
    });
    const outcome = orders.run(async (host) => {
      const { connect } = await import('node:net');
      return new Promise<string>((resolve) => {
        const socket = connect(7000, host);
        socket.once('data', () => Object.assign(globalThis, { [host]: true }));
        socket.once('end', () => resolve('end'));
        socket.once('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)));
      });
    }, callee.attachment.ip);
    const isHeld = () => orders.run((host) => host in globalThis, callee.attachment.ip);
    while (!(await isHeld()));
    return { callee, outcome };
  };
  const killed = await hold('users-2');
  await killed.callee.kill();
  assert.equal(await killed.outcome, 'end');
  const detached = await hold('users-3');
  await net.network.detach('users-3');
  await net.network.detach('users-3');
  assert.equal(await detached.outcome, 'ECONNRESET');
  await assert.rejects(connectTo(orders, detached.callee.attachment.ip, 7000), { code: 'EHOSTUNREACH' });
});

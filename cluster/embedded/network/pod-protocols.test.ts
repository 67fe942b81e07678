import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { service, TestNetwork, type TestPod } from './testing/test-network.ts';

let net: TestNetwork;
let orders: TestPod;
let payments: TestPod;

before(async () => {
  net = await TestNetwork.start();
  orders = await net.pod('orders-1');
  payments = await net.pod('payments-1', 'node-2');
  const ports = [8080, 8443, 5432, 7000].map((port) => ({
    name: `${port}`,
    port,
    endpoints: [{ uid: 'payments-1', port }],
  }));
  net.network.setServices([{ ...service('payments', '10.96.0.7', []), ports }]);
  await payments.serveHello();
});
after(() => net.close());

test('node:http calls a Service, and keeps the connection alive', async () => {
  const { bodies, ports } = await orders.run(async () => {
    const { Agent, get } = await import('node:http');
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const call = () =>
      new Promise<{ body: string; port?: number }>((resolve, reject) => {
        get('http://payments:8080/', { agent }, (response) => {
          const port = response.socket.localPort;
          response.setEncoding('utf8').once('data', (body: string) => resolve({ body, port }));
        }).once('error', reject);
      });
    const calls = [await call(), await call(), await call()];
    agent.destroy();
    return { bodies: calls.map(({ body }) => body), ports: calls.map(({ port }) => port) };
  });
  assert.deepEqual(bodies, Array(3).fill('hello from payments-1'));
  assert.equal(new Set(ports).size, 1);
});

test('fetch (undici) calls a Service by every form of its name', async () => {
  const bodies = await orders.run(async () => {
    const hosts = ['payments', 'payments.shop', 'payments.shop.svc', 'payments.shop.svc.cluster.local', '10.96.0.7'];
    return Promise.all(hosts.map(async (host) => (await fetch(`http://${host}:8080/`)).text()));
  });
  assert.deepEqual(bodies, Array(5).fill('hello from payments-1'));
});

test('both ends see addresses of the pod network', async () => {
  await payments.run(async () => {
    const { createServer } = await import('node:net');
    const server = createServer((socket) => {
      socket.end(JSON.stringify([socket.remoteAddress, socket.localAddress, socket.localPort]));
    });
    await new Promise<void>((resolve) => server.listen(7000, resolve));
  });
  const [caller, callee] = await orders.run(async () => {
    const { connect } = await import('node:net');
    const socket = connect(7000, 'payments').setEncoding('utf8');
    const callee = await new Promise<string>((resolve) =>
      socket.once('data', (text: unknown) => resolve(String(text))),
    );
    const ends = [socket.localAddress, socket.remoteAddress, socket.remotePort];
    socket.destroy();
    return [ends, JSON.parse(callee) as unknown[]];
  });
  assert.deepEqual(caller, [orders.attachment.ip, '10.96.0.7', 7000]);
  const seenCaller = process.platform === 'linux' ? orders.attachment.ip : '127.0.0.1';
  assert.deepEqual(callee, [seenCaller, payments.attachment.ip, 7000]);
});

test('TLS and HTTP/2 run over it unchanged', async () => {
  await payments.run(async () => {
    const { createSecureServer } = await import('node:http2');
    const server = createSecureServer({
      ciphers: 'PSK',
      maxVersion: 'TLSv1.2',
      pskCallback: () => Buffer.from('secret of the test'),
    } as object);
    server.on('stream', (stream) => {
      stream.respond({ ':status': 200 });
      stream.end('over h2');
    });
    await new Promise<void>((resolve) => server.listen(8443, resolve));
  });
  const answers = await orders.run(async () => {
    const { connect } = await import('node:http2');
    const session = connect('https://payments:8443', {
      ciphers: 'PSK',
      maxVersion: 'TLSv1.2',
      checkServerIdentity: () => undefined,
      pskCallback: () => ({ psk: Buffer.from('secret of the test'), identity: 'test' }),
    } as object);
    const call = () =>
      new Promise<string>((resolve, reject) => {
        session
          .request({ ':path': '/' })
          .setEncoding('utf8')
          .once('data', (text: string) => resolve(text))
          .once('error', reject);
      });
    const answers = await Promise.all(Array.from({ length: 20 }, call));
    session.close();
    return answers;
  });
  assert.deepEqual(answers, Array(20).fill('over h2'));
});

test('a server that speaks first, and a caller that ends its half first, are served', async () => {
  await payments.run(async () => {
    const { createServer } = await import('node:net');
    // As PostgreSQL's COPY or SMTP: a greeting, then an answer only once the caller has ended.
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      let received = 0;
      socket.write('ready\n');
      socket.on('data', (chunk) => (received += chunk.length));
      socket.once('end', () => socket.end(`got ${received}\n`));
    });
    await new Promise<void>((resolve) => server.listen(5432, resolve));
  });
  const heard = await orders.run(async () => {
    const { connect } = await import('node:net');
    const socket = connect({ port: 5432, host: 'payments', allowHalfOpen: true });
    let heard = '';
    for await (const text of socket.setEncoding('utf8')) {
      heard += String(text);
      if (heard === 'ready\n') socket.end(Buffer.alloc(300_000));
    }
    return heard;
  });
  assert.equal(heard, 'ready\ngot 300000\n');
});

test('a big answer reaches a slow reader whole, and waits for it at the sender', async () => {
  await payments.run(async () => {
    const { createServer } = await import('node:net');
    const server = createServer((socket) => {
      // 64 MB, sent as fast as it is taken; the first byte of each MB says which it is.
      let sent = 0;
      const send = () => {
        while (sent < 64) {
          const block = Buffer.alloc(1024 * 1024, sent++);
          Object.assign(globalThis, { blocksSent: sent });
          if (!socket.write(block)) return;
        }
        socket.end();
      };
      socket.on('drain', send);
      send();
    });
    await new Promise<void>((resolve) => server.listen(7001, resolve));
  });
  const host = payments.attachment.ip;
  await orders.run(async (host) => {
    const { connect } = await import('node:net');
    const socket = connect(7001, host).pause();
    await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
    Object.assign(globalThis, { reading: socket });
  }, host);
  const blocksSent = () => payments.run(() => (globalThis as unknown as { blocksSent: number }).blocksSent);
  // As long as nobody reads, the sender stops somewhere: when its count stands still over many round trips.
  let [last, unchanged] = [0, 0];
  while (unchanged < 50) {
    const now = (await blocksSent()) ?? 0;
    unchanged = now === last && now > 0 ? unchanged + 1 : 0;
    last = now;
  }
  assert.ok(last < 48, `the sender was let run ahead by ${last} MB`);
  const total = await orders.run(async () => {
    const { reading } = globalThis as unknown as { reading: Socket };
    let total = 0;
    for await (const chunk of reading as AsyncIterable<Buffer>) {
      for (let at = 0; at < chunk.length; at++) {
        if (chunk[at] !== Math.floor((total + at) / (1024 * 1024)))
          throw new Error(`byte ${total + at} is out of order`);
      }
      total += chunk.length;
    }
    return total;
  });
  assert.equal(total, 64 * 1024 * 1024);
});

test('the node does not reach what listens on the localhost of a pod alone; who dials as from within the pod does', async () => {
  await payments.run(async () => {
    const { createServer } = await import('node:net');
    await new Promise<void>((resolve) =>
      createServer((socket) => socket.end('own')).listen(7070, '127.0.0.1', resolve),
    );
  });
  await assert.rejects(net.network.dial('payments-1', 7070), { code: 'ECONNREFUSED' });
  let text = '';
  for await (const chunk of await net.network.dial('payments-1', 7070, { loopback: true })) text += String(chunk);
  assert.equal(text, 'own');
});

test('the node dials a pod past the network, and publishes ports of native programs', async () => {
  const hello = await net.network.dial('payments-1', 8080);
  hello.write('GET / HTTP/1.0\r\n\r\n');
  let text = '';
  for await (const chunk of hello) text += String(chunk);
  assert.match(text, /hello from payments-1/);
  await assert.rejects(net.network.dial('payments-1', 1), { code: 'ECONNREFUSED' });
  await assert.rejects(net.network.dial('nobody', 1), { code: 'EHOSTUNREACH' });

  const { createServer } = await import('node:net');
  const realPort = await net.network.freePort();
  const native = createServer((socket) => socket.end(`called by ${socket.remoteAddress}`));
  await new Promise<void>((resolve) => native.listen(realPort, '127.0.0.1', resolve));
  await net.network.publish('payments-1', 6543, realPort);
  const answer = await orders.run(async (host) => {
    const { connect } = await import('node:net');
    for await (const chunk of connect(6543, host)) return String(chunk);
  }, payments.attachment.ip);
  assert.equal(answer, 'called by 127.0.0.1');
  native.close();
});

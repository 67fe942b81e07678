import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import type { StreamFault } from './index.ts';
import { Link } from './link.ts';

const slow = (delayMs: number): StreamFault => ({ type: 'latency', attributes: { delayMs, jitterMs: 0 } });

/** A caller, a callee that echoes, and a link between two real sockets of a relay in the middle. */
async function relay(t: TestContext) {
  const counted = { requests: 0, bytes: 0, resets: 0 };
  const sockets: Socket[] = [];
  const listen = async (onSocket: (socket: Socket) => void) => {
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      sockets.push(socket);
      onSocket(socket);
    }).listen(0, '127.0.0.1');
    t.after(() => server.close());
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const echo = await listen((socket) => socket.pipe(socket));
  const link = new Link({
    request: () => counted.requests++,
    bytes: () => counted.bytes++,
    reset: () => counted.resets++,
  });
  const port = await listen((client) => {
    const upstream = connect({ port: echo, host: '127.0.0.1', allowHalfOpen: true });
    sockets.push(upstream);
    upstream.once('connect', () => link.carry(client, upstream));
  });
  const caller = connect({ port, host: '127.0.0.1' }).setNoDelay(true);
  sockets.push(caller);
  t.after(() => sockets.forEach((socket) => socket.destroy()));
  await once(caller, 'connect');
  const call = async (text: string) => {
    const since = performance.now();
    caller.write(text);
    const [answer] = (await once(caller, 'data')) as [Buffer];
    return { answer: String(answer), ms: performance.now() - since };
  };
  return { link, caller, call, counted };
}

test('a delay acts on a live connection, each way, and its end too', async (t) => {
  const { link, call } = await relay(t);
  await call('a');
  link.setFaults([slow(100)]);
  const { answer, ms } = await call('b');
  assert.equal(answer, 'b');
  assert.ok(ms >= 200, `${ms} ms`);
  link.setFaults([slow(60_000)]);
  const held = call('c');
  link.setFaults([]);
  assert.equal((await held).answer, 'c');
});

test('two delays add up', async (t) => {
  const { link, call } = await relay(t);
  link.setFaults([slow(50), slow(50)]);
  assert.ok((await call('a')).ms >= 200);
});

test('a request is counted when it begins, once, however it is cut into chunks', async (t) => {
  const { call, counted } = await relay(t);
  await call('a');
  await call('b');
  assert.equal(counted.requests, 2);
});

test('the end of the caller arrives after its bytes, and the end of the callee comes back', async (t) => {
  const { link, caller } = await relay(t);
  link.setFaults([slow(20)]);
  caller.end('last words');
  let heard = '';
  for await (const chunk of caller) heard += String(chunk);
  assert.equal(heard, 'last words');
});

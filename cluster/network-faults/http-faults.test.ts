import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, createServer, request, type IncomingMessage, type RequestListener } from 'node:http';
import { connect, createServer as createPlainServer } from 'node:net';
import { test, type TestContext } from 'node:test';
import { until } from '../embedded/testing/until.ts';
import { acting, Relay } from './testing/relay.ts';

/** A server behind a relay, and a caller that keeps one connection. */
async function shop(t: TestContext, listener: RequestListener) {
  const server = createServer({ keepAliveTimeout: 60_000 }, listener);
  const relay = await Relay.before(t, server);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  const call = async (path = '/', method = 'GET', body: Buffer[] = [], headers = {}) => {
    const outgoing = request({ host: '127.0.0.1', port: relay.port, path, method, agent, headers });
    for (const chunk of body) outgoing.write(chunk);
    outgoing.end();
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    let text = '';
    for await (const chunk of response) text += String(chunk);
    return { status: response.statusCode, text, kept: outgoing.reusedSocket };
  };
  return { server, relay, call };
}

/** Answers with what it has got. */
const mirror: RequestListener = (incoming, response) => {
  let bytes = 0;
  incoming.on('data', (chunk: Buffer) => (bytes += chunk.length));
  incoming.once('end', () => response.end(`${incoming.method} ${incoming.url} ${bytes}`));
};
const status = (percent: number, code = 503) => acting({ type: 'http-status', attributes: { status: code, percent } });

test('status: a live connection meets it, keeps on, and is healthy when it is over; the callee hears of nothing', async (t) => {
  const heard: string[] = [];
  const { relay, call } = await shop(t, (incoming, response) => {
    heard.push(incoming.url!);
    mirror(incoming, response);
  });
  assert.equal((await call('/before')).text, 'GET /before 0');
  const failing = status(100);
  relay.set(failing);
  for (const path of ['/one', '/two']) {
    assert.deepEqual(await call(path), { status: 503, text: '503 Service Unavailable\n', kept: true });
  }
  assert.deepEqual(failing.counts, { delayed: 0, failed: 2, dropped: 0, leftAlone: 0 });
  relay.set();
  assert.deepEqual(await call('/after'), { status: 200, text: 'GET /after 0', kept: true });
  assert.deepEqual(heard, ['/before', '/after']);
});

test('refused: the answers of the callee that have the status are counted, and come as they are', async (t) => {
  const { relay, call } = await shop(t, (incoming, response) => {
    incoming.resume();
    response.statusCode = incoming.url === '/in' ? 200 : 401;
    response.end(incoming.url);
  });
  const counting = acting({ type: 'http-refused', attributes: { status: 401 } });
  relay.set(counting);
  for (const [path, code] of [
    ['/out', 401],
    ['/in', 200],
    ['/out', 401],
  ] as const) {
    const { status: got, text } = await call(path, 'POST', [Buffer.alloc(2_000)]);
    assert.deepEqual([got, text], [code, path]);
  }
  assert.deepEqual(counting.counts, { delayed: 0, failed: 2, dropped: 0, leftAlone: 0 });
});

test('status: so many of a hundred, and each has its own answer, with bodies of any kind', async (t) => {
  const { relay, call } = await shop(t, mirror);
  const failing = status(30, 429);
  relay.set(failing);
  let failed = 0;
  for (let i = 0; i < 300; i++) {
    const sized = i % 2 === 0;
    const headers = sized ? { 'content-length': 3_000 } : {};
    const answer = await call(
      `/${i}`,
      'POST',
      [Buffer.alloc(1_000, 'GET / HTTP/1.1\r\n\r\n'), Buffer.alloc(2_000)],
      headers,
    );
    if (answer.status === 429) failed += 1;
    else assert.equal(answer.text, `POST /${i} 3000`);
  }
  assert.equal(failing.counts.failed, failed);
  assert.ok(failed > 45 && failed < 135, `${failed} of 300`);
  const plain = await call('/head', 'HEAD');
  assert.equal(plain.text, '');
});

test('status: who waits to be told to send its body is answered before it does', async (t) => {
  const { relay, call } = await shop(t, mirror);
  relay.set(status(100));
  assert.equal((await call('/', 'POST', [], { expect: '100-continue', 'content-length': 3 })).status, 503);
});

test('fail first: the first requests of all connections together fail, and no other', async (t) => {
  const { relay, call } = await shop(t, mirror);
  const failing = acting({ type: 'http-fail-first', attributes: { requests: 3, status: 500 } });
  relay.set(failing);
  const other = fetch(`http://127.0.0.1:${relay.port}/`).then((response) => response.status);
  const statuses = [await other];
  for (let i = 0; i < 4; i++) statuses.push((await call()).status!);
  assert.deepEqual(statuses, [500, 500, 500, 200, 200]);
  assert.equal(failing.counts.failed, 3);
});

test('delay: so many of a hundred requests are late, and the others are not', async (t) => {
  const { relay, call } = await shop(t, mirror);
  const late = acting({ type: 'http-delay', attributes: { delayMs: 300, percent: 30 } });
  relay.set(late);
  let delayed = 0;
  for (let calls = 0; delayed === 0 || delayed === calls; calls++) {
    const since = performance.now();
    await call('/', 'POST', [Buffer.alloc(100_000)]);
    if (performance.now() - since >= 300) delayed += 1;
  }
  assert.equal(late.counts.delayed, delayed);
});

test('it ends while a request is held, and while an answer is on its way', async (t) => {
  const { relay, call } = await shop(t, mirror);
  const late = acting({ type: 'http-delay', attributes: { delayMs: 60_000, percent: 100 } });
  relay.set(late, status(100));
  const held = call('/held');
  await until('it is held', () => late.counts.delayed === 1);
  relay.set();
  assert.equal((await held).text, 'GET /held 0');
  assert.equal((await call('/next')).text, 'GET /next 0');
});

test('answers keep the order of requests that were sent without waiting', async (t) => {
  const heardOf: string[] = [];
  const { relay } = await shop(t, (incoming, response) => {
    heardOf.push(incoming.url!);
    setTimeout(() => response.end(incoming.url), 50);
  });
  const failing = acting({ type: 'http-fail-first', attributes: { requests: 1, status: 500 } });
  const socket = connect(relay.port, '127.0.0.1');
  await once(socket, 'connect');
  let heard = '';
  socket.setEncoding('latin1').on('data', (text: string) => (heard += text));
  // The first has to pass before the fault begins: it is the second that fails, and the first that takes its time.
  const passes = status(0);
  relay.set(passes);
  socket.write('GET /a HTTP/1.1\r\nhost: x\r\n\r\n');
  await until('the callee has it', () => heardOf.length === 1);
  relay.set(passes, failing);
  socket.write('GET /b HTTP/1.1\r\nhost: x\r\n\r\nGET /c HTTP/1.1\r\nhost: x\r\n\r\n');
  await until(
    'three have been answered',
    () => (heard.match(/HTTP\/1.1 \d+/g) ?? []).length === 3 && heard.includes('/c'),
  );
  assert.match(heard, /200 OK[^]*\/a[^]*500 Internal[^]*200 OK[^]*\/c/);
  socket.destroy();
});

test('what is no HTTP goes through as it is, and is told of', async (t) => {
  const echo = createPlainServer((socket) => socket.pipe(socket));
  const relay = await Relay.before(t, echo);
  const failing = status(100);
  relay.set(failing);
  for (const bytes of ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', '\x16\x03\x01', 'AMQP\0\0\x09\x01', 'GET key\r\n', 'G']) {
    const socket = connect(relay.port, '127.0.0.1').setEncoding('latin1');
    let heard = '';
    socket.on('data', (text: string) => (heard += text));
    socket.end(Buffer.from(bytes, 'latin1'));
    await once(socket, 'end');
    assert.equal(heard, bytes);
  }
  assert.deepEqual(failing.counts, { delayed: 0, failed: 0, dropped: 0, leftAlone: 4 });
});

test('a connection that changes its protocol is left alone from there on', async (t) => {
  const { server, relay } = await shop(t, mirror);
  server.on('upgrade', (_request, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n');
    socket.pipe(socket);
  });
  relay.set(status(100));
  const socket = connect(relay.port, '127.0.0.1').setEncoding('latin1');
  let heard = '';
  socket.on('data', (text: string) => (heard += text));
  socket.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n');
  await until('it is another', () => heard.includes('\r\n\r\n'));
  socket.write('GET / HTTP/1.1\r\n\r\n');
  await until('it echoes', () => heard.endsWith('\r\n\r\nGET / HTTP/1.1\r\n\r\n'));
  socket.destroy();
});

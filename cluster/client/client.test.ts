import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { PodHttp } from './http-over-port.ts';
import { Informer } from './informer.ts';
import { portForward } from './port-forward.ts';
import { Requests } from './requests.ts';
import { Resources } from './resources.ts';
import { SmallApiServer } from './testing/small-api-server.ts';

let server: SmallApiServer;
let requests: Requests;
let resources: Resources;
const closing: (() => unknown)[] = [];

beforeEach(async () => {
  server = await new SmallApiServer().start();
  requests = server.client();
  resources = new Resources(requests);
});
afterEach(async () => {
  for (const close of closing.splice(0)) close();
  requests.close();
  await server.stop();
});

async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 30_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`not within 30 s: ${condition.toString()}`);
    await setImmediate();
  }
}

function pod(name: string) {
  return { kind: 'Pod', metadata: { name, namespace: 'shop' } };
}

function informer(changed: () => void = () => undefined) {
  const seen = { connected: [] as boolean[], causes: [] as unknown[] };
  const pods = new Informer<{ metadata: { name: string } }>(requests, () => resources.path('v1', 'Pod', 'shop'), {
    changed,
    connected(connected, cause) {
      if (seen.connected.at(-1) !== connected) seen.connected.push(connected);
      if (cause) seen.causes.push(cause);
    },
  });
  closing.push(() => pods.stop());
  pods.start();
  return { seen, names: () => pods.list().map(({ metadata }) => metadata.name) };
}

test('a mistake of a listener is told as what it is, and the watch goes on', async () => {
  const warned = once(process, 'warning') as Promise<[Error]>;
  let broken = true;
  const pods = informer(() => {
    if (broken) throw new ReferenceError('labs is not there yet');
  });
  const [warning] = await warned;
  assert.match(`${warning.name} ${warning.message}`, /ListenerFailed .*labs is not there yet/);
  await until(() => server.watches === 1);
  broken = false;
  server.put(pod('a'));
  await until(() => pods.names().length === 1);
  assert.deepEqual(pods.seen, { connected: [true], causes: [] });
});

test('an informer knows what is there, and follows every change', async () => {
  server.put(pod('b'));
  const pods = informer();
  await until(() => server.watches === 1);
  assert.deepEqual(pods.names(), ['b']);
  server.put(pod('a'));
  server.remove('/api/v1/namespaces/shop/pods/b');
  await until(() => pods.names().join() === 'a');
});

test('many watches leave connections for requests', async () => {
  for (let count = 0; count < 40; count += 1) informer();
  await until(() => server.watches === 40);
  await requests.json('GET', '/api/v1');
});

test('a kind that was not there is found once its CRD is', async (t) => {
  let serves = false;
  const small = createHttpServer((_request, response) => {
    response.writeHead(serves ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ resources: [{ name: 'tills', kind: 'Till', namespaced: true }] }));
  });
  await once(small.listen(0, '127.0.0.1'), 'listening');
  const address = new URL(`http://127.0.0.1:${(small.address() as AddressInfo).port}`);
  const asking = new Requests({ server: address, context: 'small', options: async () => ({}) });
  t.after(() => (asking.close(), small.close()));
  const kinds = new Resources(asking);
  await assert.rejects(kinds.path('shops.example/v1', 'Till', 'shop'), { code: 'unknown-kind' });
  serves = true;
  assert.equal(await kinds.path('shops.example/v1', 'Till', 'shop'), '/apis/shops.example/v1/namespaces/shop/tills');
});

test('after the server crashed and came back, the informer catches up; meanwhile the last known state stays', async () => {
  server.put(pod('a'));
  const pods = informer();
  await until(() => server.watches === 1);
  const { port } = server;
  await server.stop();
  await until(() => pods.seen.connected.at(-1) === false);
  assert.deepEqual(pods.names(), ['a']);
  const objects = server.objects;
  server = new SmallApiServer();
  for (const [path, object] of objects) server.objects.set(path, object);
  server.put(pod('b'));
  server.oldest = Number.MAX_SAFE_INTEGER; // it knows nothing of the versions before
  await server.start(port);
  await until(() => pods.names().join() === 'a,b' || server.oldest === 0);
  server.oldest = 0;
  await until(() => pods.seen.connected.at(-1) === true);
  assert.deepEqual(pods.names(), ['a', 'b']);
});

test('a watch that ends in good order is resumed without listing again', async () => {
  const pods = informer();
  await until(() => server.watches === 1);
  server.dropWatches();
  await until(() => server.watches === 1);
  server.put(pod('late'));
  await until(() => pods.names().join() === 'late');
  assert.equal(server.requests.filter((line) => line === 'GET /api/v1/namespaces/shop/pods').length, 3);
});

test('a server that is away is a clear error with its address', async () => {
  const { port } = server;
  await server.stop();
  await assert.rejects(requests.json('GET', '/api/v1'), {
    code: 'cluster-unreachable',
    message: new RegExp(`127.0.0.1:${port} does not answer`),
  });
  await server.start(port);
});

test('a forwarded port carries bytes both ways, more of them than any buffer holds', async () => {
  const echo = createServer((socket) => socket.pipe(socket));
  closing.push(() => echo.close());
  await once(echo.listen(0, '127.0.0.1'), 'listening');
  server.ports.set(5432, (echo.address() as AddressInfo).port);
  const stream = await portForward(requests, 'shop', 'postgres-1', 5432);
  const sent = Buffer.alloc(5 * 1024 * 1024, 'breakwater');
  stream.write(sent);
  const received: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    received.push(chunk);
    if ((size += chunk.length) >= sent.length) break;
  }
  assert.ok(Buffer.concat(received).equals(sent));
});

test('a port that nobody listens on is an error with the words of the server', async () => {
  const read = async () => once(await portForward(requests, 'shop', 'bank-1', 9000), 'end');
  await assert.rejects(read(), { code: 'port-forward-broken', message: /nobody listens on 9000/ });
});

test('HTTP to a pod keeps its connection for the next request, and gets a new one when that broke', async () => {
  let connections = 0;
  const bank = createHttpServer((request, response) => response.end(`${request.method} ${request.url}`));
  bank.on('connection', () => (connections += 1));
  closing.push(() => bank.close());
  await once(bank.listen(0, '127.0.0.1'), 'listening');
  server.ports.set(9000, (bank.address() as AddressInfo).port);
  const http = new PodHttp('bank-1:9000', () => portForward(requests, 'shop', 'bank-1', 9000));
  closing.push(() => http.close());
  assert.deepEqual(await http.request({ path: '/behaviour' }), { status: 200, body: 'GET /behaviour' });
  assert.equal((await http.request({ method: 'PUT', path: '/behaviour', body: {} })).body, 'PUT /behaviour');
  assert.equal(connections, 1);
  bank.closeAllConnections();
  assert.equal((await http.request({ path: '/behaviour' })).status, 200);
});

test('HTTP to a pod that does not answer is an error that names pod and request', async () => {
  const http = new PodHttp('bank-1:9000', () => portForward(requests, 'shop', 'bank-1', 9000));
  closing.push(() => http.close());
  await assert.rejects(http.request({ path: '/behaviour' }), {
    code: 'pod-unreachable',
    message: /GET \/behaviour at bank-1:9000 failed/,
  });
});

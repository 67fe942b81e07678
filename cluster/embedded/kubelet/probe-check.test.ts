import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import type { Container } from '../kinds/types.ts';
import { checkOnce, type Probe } from './probe-check.ts';

const nobody = { add() {}, delete() {} };

/** A container that answers by what stands in the path, and how to look at it. */
async function start(t: TestContext) {
  const server = createServer((request, response) => {
    const [, first, second] = request.url!.split('/');
    if (first === 'hang') return;
    if (first === 'round') response.writeHead(302, { location: '/round' });
    else if (first === 'to') response.writeHead(301, { location: `/${second}` });
    else if (first === 'away') response.writeHead(302, { location: 'http://elsewhere.invalid/' });
    else response.writeHead(Number(first));
    response.end('hello');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const probed = {
    container: { name: 'a', ports: [{ name: 'http', containerPort: port }] } as Container,
    view: { env: { PATH: process.env.PATH! }, cwd: '/', mounts: [], ended: new AbortController().signal },
    ip: '10.244.0.2',
    processes: nobody,
    dial: (target: number) =>
      new Promise<Socket>((resolve, reject) => {
        const socket = connect(target, '127.0.0.1', () => resolve(socket)).once('error', reject);
      }),
  };
  const check = (probe: Partial<Probe>) => checkOnce({ timeoutSeconds: 20, ...probe }, probed);
  return { port, check, get: (path: string, more: object = {}) => check({ httpGet: { path, port: 'http', ...more } }) };
}

const well = { isWell: true, message: '' };

test('httpGet is well from 200 to 399, and follows redirects on the pod', async (t) => {
  const { get } = await start(t);
  for (const path of ['/200', '/204', '/399', '/to/200', 'to/200']) assert.deepEqual(await get(path), well, path);
  for (const path of ['/400', '/to/400']) {
    assert.deepEqual(await get(path), { isWell: false, message: 'HTTP probe failed with statuscode: 400' });
  }
});

test('a redirect that leads elsewhere is well, and odd', async (t) => {
  const { get } = await start(t);
  assert.deepEqual(await get('/away'), {
    isWell: true,
    message: 'Probe terminated redirects, Response body: hello',
  });
});

test('what goes wrong is said as a real kubelet says it', async (t) => {
  const { get, check, port } = await start(t);
  const url = `Get "http://10.244.0.2:${port}`;
  assert.equal((await get('/round')).message, `${url}/round": stopped after 10 redirects`);
  const late = await check({ httpGet: { path: '/hang', port }, timeoutSeconds: 0.05 });
  const why = 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)';
  assert.deepEqual(late, { isWell: false, message: `${url}/hang": ${why}` });
  const refused = 'dial tcp 10.244.0.2:1: connect: connection refused';
  assert.equal((await get('/', { port: 1 })).message, `Get "http://10.244.0.2:1/": ${refused}`);
  assert.equal((await check({ tcpSocket: { port: 1 } })).message, refused);
  assert.equal((await get('/', { port: 'other' })).message, `couldn't find port: "other" in container "a"`);
});

test('tcpSocket is well once somebody listens', async (t) => {
  const { check } = await start(t);
  assert.deepEqual(await check({ tcpSocket: { port: 'http' } }), well);
});

test('exec is well when the command succeeds; else it tells its output', async (t) => {
  const { check } = await start(t);
  assert.deepEqual(await check({ exec: { command: ['true'] } }), well);
  assert.deepEqual(await check({ exec: { command: ['sh', '-c', 'echo no; exit 2'] } }), {
    isWell: false,
    message: 'no\n',
  });
  const late = await check({ exec: { command: ['sleep', '60'] }, timeoutSeconds: 0.05 });
  assert.equal(late.message, 'command timed out: "sleep 60" timed out after 0.05s');
  assert.match(
    (await check({ exec: { command: ['no-such-program'] } })).message,
    /executable file not found in \$PATH/,
  );
});

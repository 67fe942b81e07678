import { deepEqual, equal, match } from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { WebSocket, WebSocketServer } from 'ws';
import type { NodeProxy } from '../api.ts';
import { podOf } from '../testing/objects.ts';
import { emptyNode, testServer } from '../testing/test-server.ts';

const POD = '/api/v1/namespaces/shop/pods/web:80/proxy';
const SERVICE = '/api/v1/namespaces/shop/services';

/** A server with the pod `web`, whose every port is answered by `answer`, and a Service before it. */
async function shop(t: TestContext, answer: (req: IncomingMessage, res: ServerResponse) => void) {
  const behind = createServer(answer).listen(0, '127.0.0.1');
  t.after(() => behind.close());
  await once(behind, 'listening');
  const { port } = behind.address() as AddressInfo;
  const node: NodeProxy = {
    ...emptyNode,
    async dial(_pod, wanted) {
      if (wanted === 9) throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      return socket;
    },
  };
  const server = await testServer(t, node);
  await server.api.create('Pod', podOf('web'));
  await server.api.patch('Pod', 'web', 'shop', { status: { phase: 'Running', podIP: '10.244.1.2' } }, 'status');
  await server.api.create('Service', {
    metadata: { name: 'web', namespace: 'shop' },
    spec: { ports: [{ name: 'http', port: 80 }] },
  });
  await server.api.create('EndpointSlice', {
    metadata: { name: 'web-1', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.244.1.2'], conditions: { ready: true } }],
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
  });
  return { server, behind };
}

const echo = (req: IncomingMessage, res: ServerResponse) => {
  let body = '';
  req.on('data', (chunk) => (body += chunk));
  req.on('end', () => res.end(JSON.stringify({ method: req.method, url: req.url, headers: req.headers, body })));
};

describe('the proxy to pods and services', () => {
  it('passes method, path, query, body and headers on, without the credentials', async (t) => {
    const { server } = await shop(t, echo);
    const headers = { 'x-mine': '1', 'impersonate-user': 'system:admin', 'impersonate-group': 'system:masters' };
    const { json } = await server.send('PATCH', `${POD}/a%20b/c?x=1&y=2`, 'hello', {
      ...headers,
      connection: 'x-hop',
      'x-hop': '1',
    });
    const { headers: seen, ...rest } = json();
    deepEqual(rest, { method: 'PATCH', url: '/a%20b/c?x=1&y=2', body: 'hello' });
    deepEqual(
      ['x-mine', 'x-hop', 'authorization', 'impersonate-user', 'x-forwarded-for', 'x-forwarded-uri'].map(
        (name) => seen[name],
      ),
      ['1', undefined, undefined, undefined, '127.0.0.1', `${POD}/a%20b/c`],
    );
  });

  it('knows every method', async (t) => {
    const { server } = await shop(t, (req, res) => res.setHeader('x-method', req.method!).end());
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      equal((await server.send(method, `${POD}/`)).headers['x-method'], method);
    }
  });

  it('moves a redirect of the pod below itself, and leaves one to elsewhere', async (t) => {
    const { server } = await shop(t, (req, res) => res.writeHead(302, { location: req.url!.slice(1) }).end());
    const locationOf = async (path: string) => (await server.send('GET', `${POD}/${path}`)).headers.location;
    equal(await locationOf('/there?x=1'), `${POD}/there?x=1`);
    equal(await locationOf('http://elsewhere/there'), 'http://elsewhere/there');
    equal((await server.send('GET', `${POD}?x=1`)).headers.location, `${POD}/?x=1`);
  });

  it('finds the endpoints of a service by the name or the number of its port', async (t) => {
    const { server } = await shop(t, echo);
    for (const name of ['web:http', 'web:80', 'http:web:80']) {
      equal((await server.send('GET', `${SERVICE}/${name}/proxy/x`)).json().url, '/x');
    }
    const refused = async (name: string, status: number, message: RegExp) => {
      const answer = await server.send('GET', `${SERVICE}/${name}/proxy/`);
      equal(answer.status, status);
      match(answer.json().message, message);
    };
    await refused('web', 503, /no endpoints available for service "web"/);
    await refused('web:81', 503, /no service port 81 found for service "web"/);
    await refused('nobody', 404, /services "nobody" not found/);
    await refused('a:b:c:d', 400, /invalid service request "a:b:c:d"/);
  });

  it('says why a pod could not be reached', async (t) => {
    const { server } = await shop(t, echo);
    const { status, json } = await server.send('GET', POD.replace(':80', ':9') + '/');
    equal(status, 503);
    match(json().message, /^error trying to reach service: dial tcp 10\.244\.1\.2:9: connect: connection refused$/);
    const broken = await shop(t, (_req, res) => res.destroy());
    equal((await broken.server.send('GET', `${POD}/`)).status, 503);
  });

  it('lets WebSockets through, and a refusal of them', async (t) => {
    const { server, behind } = await shop(t, (_req, res) => res.writeHead(418).end('no'));
    const { token } = server.config.getCurrentUser()!;
    const ca = Buffer.from(server.config.getCurrentCluster()!.caData!, 'base64');
    const open = () =>
      new WebSocket(`${server.url}${POD}/chat`.replace('https', 'wss'), {
        ca,
        headers: { authorization: `Bearer ${token}` },
      });
    const [, response] = (await once(open(), 'unexpected-response')) as [unknown, IncomingMessage];
    equal(response.statusCode, 418);
    const sockets = new WebSocketServer({ server: behind });
    sockets.on('connection', (socket) => socket.on('message', (message) => socket.send(`heard ${String(message)}`)));
    const client = open();
    await once(client, 'open');
    client.send('hello');
    equal(String(((await once(client, 'message')) as [Buffer])[0]), 'heard hello');
    client.terminate();
  });
});

import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { SignJWT } from 'jose';
import { freePort } from '../../testing/free-port.ts';
import { noNginx, startNginx } from '../../testing/nginx-gateway.ts';
import { startService } from '../../testing/running-service.ts';
import { inCanary } from './canary.ts';

/** What came through to a service behind the gateway. */
interface Received {
  service: string;
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

const JWT_SECRET = 'test-secret-of-at-least-32-characters';
const product = { id: 'fender', name: 'Fender', description: 'Takes the knocks in harbour.', priceCents: 2950 };

function tokenOf(customer: string, expires: string = '1 h', secret = JWT_SECRET): Promise<string> {
  const token = new SignJWT().setProtectedHeader({ alg: 'HS256' }).setSubject(customer).setIssuer('auth');
  return token.setAudience('shop').setIssuedAt().setExpirationTime(expires).sign(new TextEncoder().encode(secret));
}

async function startUpstream(service: string, received: Received[]): Promise<Server> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      received.push({ service, method, path, headers, body });
      response.setHeader('content-type', 'application/json');
      response.setHeader('x-powered-by', 'secrets');
      if (method === 'POST' && service.startsWith('orders')) response.statusCode = 201;
      response.end(JSON.stringify(path === '/products' ? { products: [product] } : { service }));
    });
  });
  // As the services have it: a connection that the gateway keeps is not closed under its next request.
  server.keepAliveTimeout = 65_000;
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return server;
}

const gateways = [
  {
    name: 'the gateway of the shop',
    skip: false as const,
    async start(environment: Record<string, string>) {
      const { url, stop } = await startService('gateway', { environment, port: await freePort() });
      return { url, stop: async () => void (await stop()) };
    },
  },
  { name: 'NGINX as the component has it', skip: noNginx, start: startNginx },
];

for (const { name, skip, start } of gateways) {
  describe(`${name} as a front door`, { skip }, () => {
    const received: Received[] = [];
    const upstreams: Server[] = [];
    let plain: { url: string; stop(): Promise<void> };
    let full: typeof plain;

    before(async () => {
      const services = ['auth', 'users', 'catalog', 'orders', 'orders-v2'];
      upstreams.push(...(await Promise.all(services.map((service) => startUpstream(service, received)))));
      const url = (index: number) => `http://127.0.0.1:${(upstreams[index]!.address() as AddressInfo).port}`;
      const variables = ['AUTH_URL', 'USERS_URL', 'CATALOG_URL', 'ORDERS_URL', 'ORDERS_V2_URL'];
      const urls = Object.fromEntries(variables.map((variable, index) => [variable, url(index)]));
      const own = { TOKEN_CHECK: 'services', RATE_LIMIT: 'per-client', RESPONSE_SHAPING: 'slim', CANARY_PERCENT: '30' };
      [plain, full] = await Promise.all([
        start({ ...urls, JWT_SECRET, USERS_URL: `http://127.0.0.1:${await freePort()}` }),
        start({ ...urls, JWT_SECRET, ...own }),
      ]);
    });
    after(async () => {
      await Promise.all([plain?.stop(), full?.stop()]);
      for (const upstream of upstreams) upstream.close().closeAllConnections();
    });

    const codeOf = async (answer: Response) => ((await answer.json()) as { error: { code: string } }).error.code;
    const order = (url: string, token: string, headers: Record<string, string> = {}) =>
      fetch(`${url}/api/orders`, {
        method: 'POST',
        body: '{"items":[]}',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      });

    it('takes each path to its service, and its answer back', async () => {
      const token = await tokenOf('customer-01');
      received.length = 0;
      const post = { method: 'POST', body: '{"email":"a"}' };
      const login = await fetch(`${plain.url}/api/login`, post);
      assert.deepEqual([login.status, await login.json()], [200, { service: 'auth' }]);
      await fetch(`${plain.url}/api/products/fender`);
      const placed = await order(plain.url, token, { 'idempotency-key': 'k1' });
      assert.deepEqual([placed.status, placed.headers.get('x-powered-by')], [201, null]);
      await fetch(`${plain.url}/api/orders/17`, { headers: { authorization: `Bearer ${token}` } });
      const images = `${plain.url}/api/products/fender/images`;
      await fetch(images, { method: 'POST', body: 'x', headers: { authorization: `Bearer ${token}` } });
      await fetch(`${images}/7`);
      await fetch(`${images}/7/thumbnail`);
      assert.deepEqual(
        received.map(({ service, method, path }) => `${service} ${method} ${path}`),
        [
          ...['auth POST /login', 'catalog GET /products/fender', 'orders POST /orders', 'orders GET /orders/17'],
          'catalog POST /products/fender/images',
          'catalog GET /products/fender/images/7',
          'catalog GET /products/fender/images/7/thumbnail',
        ],
      );
      assert.equal(received[0]!.body, '{"email":"a"}');
      assert.equal(received[2]!.headers['idempotency-key'], 'k1');
    });

    it('knows no other path, and says so when a service is away or a body too long', async () => {
      const authorization = `Bearer ${await tokenOf('customer-01')}`;
      for (const path of ['/', '/api/payments', '/api/orders/1/2', '/api/login', '/orders']) {
        const answer = await fetch(`${plain.url}${path}`, { headers: { authorization } });
        assert.deepEqual([answer.status, await codeOf(answer)], [404, 'no-such-route'], path);
      }
      const unnamed = await fetch(`${plain.url}/api/products/fender/images`, { method: 'POST', body: 'x' });
      assert.deepEqual([unnamed.status, await codeOf(unnamed)], [401, 'no-token']);
      const away = await fetch(`${plain.url}/api/users/me`, { headers: { authorization } });
      assert.deepEqual([away.status, await codeOf(away)], [502, 'upstream-unreachable']);
      const long = await fetch(`${plain.url}/api/login`, { method: 'POST', body: 'x'.repeat(100_000) });
      assert.deepEqual([long.status, await codeOf(long)], [413, 'body-too-large']);
    });

    it('tells by the token who the customer is, and nobody else may say it', async () => {
      received.length = 0;
      await order(plain.url, await tokenOf('customer-07'), { 'x-customer-id': 'customer-01', cookie: 'a=b' });
      const [{ headers }] = received as [Received];
      assert.equal(headers['x-customer-id'], 'customer-07');
      assert.deepEqual([headers.authorization, headers.cookie], [undefined, undefined]);
    });

    it('lets nobody in without a token of ours that is still good', async () => {
      received.length = 0;
      const [head, , signature] = (await tokenOf('customer-01')).split('.');
      const claims = Buffer.from('{"sub":"customer-02","iss":"auth","aud":"shop","exp":9999999999}').toString(
        'base64url',
      );
      const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.`;
      const cases: [string, string][] = [
        ['', 'no-token'],
        ['x.y.z', 'bad-token'],
        [`${head}.${claims}.${signature}`, 'bad-token'],
        [none, 'bad-token'],
        [await tokenOf('customer-01', '1 h', 'another-secret-of-at-least-32-characters'), 'bad-token'],
        [await tokenOf('customer-01', '-1 s'), 'token-expired'],
      ];
      for (const [token, code] of cases) {
        const answer = await order(plain.url, token);
        assert.deepEqual([answer.status, await codeOf(answer)], [401, code]);
      }
      assert.deepEqual(received, []);
    });

    it('passes the token on to services that check it themselves', async () => {
      const token = await tokenOf('customer-07', '-1 s');
      received.length = 0;
      await order(full.url, token, { 'x-customer-id': 'customer-01' });
      const [{ headers }] = received as [Received];
      assert.deepEqual([headers.authorization, headers['x-customer-id']], [`Bearer ${token}`, undefined]);
    });

    it('leaves out of the list what a list does not show', async () => {
      const read = async (url: string) => (await (await fetch(`${url}/api/products`)).json()) as unknown;
      assert.deepEqual(await read(plain.url), { products: [product] });
      const { id, name, priceCents } = product;
      assert.deepEqual(await read(full.url), { products: [{ id, name, priceCents }] });
    });

    it('keeps a customer on one version of orders, and a part of them on the canary', async () => {
      const customers = Array.from({ length: 100 }, (_, i) => `customer-${String(i + 1).padStart(2, '0')}`);
      const tokens = await Promise.all(customers.map((customer) => tokenOf(customer)));
      for (let round = 0; round < 2; round++) {
        const answers = await Promise.all(tokens.map(async (token) => (await order(full.url, token)).json()));
        const expected = customers.map((customer) => ({ service: inCanary(customer, 30) ? 'orders-v2' : 'orders' }));
        assert.deepEqual(answers, expected);
      }
      const canary = customers.filter((customer) => inCanary(customer, 30)).length;
      assert.ok(canary >= 20 && canary <= 40, `${canary} of 100`);
    });

    it('turns away who asks too often, and says for how long, while others go on', async () => {
      const [abuser, other] = await Promise.all([tokenOf('abuser'), tokenOf('other')]);
      const answers = await Promise.all(Array.from({ length: 160 }, () => order(full.url, abuser)));
      const refused = answers.filter(({ status }) => status === 429);
      assert.ok(refused.length >= 30 && refused.length <= 60, `${refused.length} of 160 refused, 100 are let through`);
      const { headers } = refused[0]!;
      assert.equal(headers.get('ratelimit-policy'), '"per-client";q=100;w=5');
      assert.match(headers.get('ratelimit') ?? '', /^"per-client";r=0;t=[1-5]$/);
      assert.match(headers.get('retry-after') ?? '', /^[1-5]$/);
      assert.equal(await codeOf(refused[0]!), 'rate-limited');
      const others = await order(full.url, other);
      assert.deepEqual([others.status, others.headers.get('ratelimit-policy')], [201, '"per-client";q=100;w=5']);
      assert.equal((await order(plain.url, abuser)).headers.get('ratelimit-policy'), null);
    });
  });
}

import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { test } from 'node:test';
import { getRequestListener } from '@hono/node-server';
import { SignJWT } from 'jose';
import { customerBehindGateway } from './customer.ts';
import { readEnvironment } from './environment.ts';
import { serviceLog } from './log.ts';
import { newRoutes } from './routes.ts';

const JWT_SECRET = 'test-secret-of-at-least-32-characters';

/** A service that says whose request it has. */
async function service(TOKEN_CHECK: string): Promise<{ server: Server; url: string }> {
  const customerOf = customerBehindGateway(readEnvironment({ TOKEN_CHECK, JWT_SECRET }));
  const routes = newRoutes(serviceLog('test', () => {}));
  routes.get('/', async (c) => c.json({ customer: await customerOf(c) }));
  const listener = getRequestListener(routes.fetch);
  const server = createServer((request, response) => void listener(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as { port: number }).port}/` };
}

test('who gets past the gateway is believed, or not where each service checks the token', async (t) => {
  const token = new SignJWT().setProtectedHeader({ alg: 'HS256' }).setSubject('customer-01').setIssuer('auth');
  const signed = await token.setAudience('shop').setExpirationTime('1 h').sign(new TextEncoder().encode(JWT_SECRET));
  const callers = { forger: { 'x-customer-id': 'customer-01' }, customer: { authorization: `Bearer ${signed}` } };
  const answers: Record<string, unknown> = {};
  for (const checker of ['gateway', 'services']) {
    const { server, url } = await service(checker);
    t.after(() => server.close().closeAllConnections());
    for (const [caller, headers] of Object.entries(callers)) {
      answers[`${caller}, checked by ${checker}`] = (await fetch(url, { headers: { ...headers } })).status;
    }
  }
  assert.deepEqual(answers, {
    'forger, checked by gateway': 200,
    'customer, checked by gateway': 401,
    'forger, checked by services': 401,
    'customer, checked by services': 200,
  });
});

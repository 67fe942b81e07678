import type { Context } from 'hono';
import { tokenCheckers } from '../../service/customer.ts';
import { edgeSettings } from '../../resilience/edge-settings.ts';
import { resilientClient } from '../../resilience/resilient-client.ts';
import type { Module } from '../../service/module.ts';
import { tokenCheck } from '../../service/token-check.ts';
import { WaitingLine } from '../../service/waiting-line.ts';
import { inCanary } from './canary.ts';
import { clientBy, onceEach } from './client.ts';
import { forwardTo } from './forward.ts';
import { imageRoutes } from './image-routes.ts';
import { slimProducts } from './product-list.ts';
import { rateLimit } from './rate-limit.ts';

/** The door: whose request it is, and where it goes. */
export const gateway: Module = (host) => {
  const { environment, log } = host;
  // All upstreams through one pool, as many HTTP clients have it by default: the way a slow one takes the others with it.
  const connections = new WaitingLine(
    environment.integer('UPSTREAM_CONNECTIONS', { min: 1, max: 10_000, fallback: 48 }),
  );
  const pooled = host.client(connections);
  const upstream = (name: string) => ({
    forward: forwardTo(name, resilientClient(pooled, `gateway>${name}`, edgeSettings(environment, name), log)),
    url: environment.url(`${name.toUpperCase().replaceAll('-', '_')}_URL`),
  });
  const tokenCheckedHere = environment.oneOf('TOKEN_CHECK', tokenCheckers, 'gateway') === 'gateway';
  const customerOf = onceEach(tokenCheck(environment.text('JWT_SECRET')));
  /** What the services are to know a customer by: the word of the gateway, or the token itself. */
  const identified = async (c: Context): Promise<{ identity: Record<string, string> }> => {
    if (tokenCheckedHere) return { identity: { 'x-customer-id': await customerOf(c) } };
    const authorization = c.req.header('authorization');
    return { identity: authorization ? { authorization } : {} };
  };
  const limit = rateLimit(environment, clientBy(customerOf));
  const shape =
    environment.oneOf('RESPONSE_SHAPING', ['off', 'slim'] as const, 'off') === 'slim' ? slimProducts : undefined;

  const auth = upstream('auth');
  const users = upstream('users');
  const catalog = upstream('catalog');
  const orders = upstream('orders');
  const canaryPercent = environment.integer('CANARY_PERCENT', { min: 0, max: 100, fallback: 0 });
  const canary = canaryPercent > 0 ? upstream('orders-v2') : orders;
  /** To the version of orders that the customer is on. Who is nobody is not let in by either. */
  const toOrders = async (c: Context, path: string) => {
    const passing = await identified(c);
    const customer = canaryPercent > 0 ? await customerOf(c).catch(() => null) : null;
    const { forward, url } = customer !== null && inCanary(customer, canaryPercent) ? canary : orders;
    return forward(c, `${url}${path}`, passing);
  };

  return {
    routes(routes) {
      if (limit) routes.use('/api/*', limit);
      imageRoutes(routes, async (c, path) => {
        const passing = c.req.method === 'POST' ? await identified(c) : {};
        return catalog.forward(c, `${catalog.url}${path}`, passing);
      });
      routes.post('/api/login', (c) => auth.forward(c, `${auth.url}/login`));
      routes.get('/api/products', (c) => catalog.forward(c, `${catalog.url}/products`, { shape }));
      routes.get('/api/products/:id', (c) =>
        catalog.forward(c, `${catalog.url}/products/${encodeURIComponent(c.req.param('id'))}`),
      );
      routes.get('/api/users/me', async (c) => users.forward(c, `${users.url}/users/me`, await identified(c)));
      routes.post('/api/orders', (c) => toOrders(c, '/orders'));
      routes.get('/api/orders/:id', (c) => toOrders(c, `/orders/${encodeURIComponent(c.req.param('id'))}`));
    },
  };
};

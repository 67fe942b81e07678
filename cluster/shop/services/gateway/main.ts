import { readEnvironment } from '../../service/environment.ts';
import { edgeSettings } from '../../resilience/edge-settings.ts';
import { resilientClient } from '../../resilience/resilient-client.ts';
import { serviceLog } from '../../service/log.ts';
import { reportPool } from '../../service/pool-gauges.ts';
import { pooledClient } from '../../service/pooled-client.ts';
import { serve } from '../../service/serve.ts';
import { WaitingLine } from '../../service/waiting-line.ts';
import { forwardTo } from './forward.ts';
import { tokenCheck } from './token-check.ts';

const environment = readEnvironment();
// All upstreams through one pool, as many HTTP clients have it by default: the way a slow one takes the others with it.
const connections = new WaitingLine(environment.integer('UPSTREAM_CONNECTIONS', { min: 1, max: 10_000, fallback: 48 }));
reportPool('connections', connections);
const pooled = pooledClient(connections);
const log = serviceLog('gateway');
const upstream = (name: string) => ({
  forward: forwardTo(name, resilientClient(pooled, `gateway>${name}`, edgeSettings(environment, name), log)),
  url: environment.url(`${name.toUpperCase()}_URL`),
});
const customerOf = tokenCheck(environment.text('JWT_SECRET'));
const auth = upstream('auth');
const users = upstream('users');
const catalog = upstream('catalog');
const orders = upstream('orders');

serve({
  name: 'gateway',
  log,
  routes(routes) {
    routes.post('/api/login', (c) => auth.forward(c, `${auth.url}/login`));
    routes.get('/api/products', (c) => catalog.forward(c, `${catalog.url}/products`));
    routes.get('/api/products/:id', (c) =>
      catalog.forward(c, `${catalog.url}/products/${encodeURIComponent(c.req.param('id'))}`),
    );
    routes.get('/api/users/me', async (c) => {
      const customer = await customerOf(c);
      return users.forward(c, `${users.url}/users/${encodeURIComponent(customer)}`, customer);
    });
    routes.post('/api/orders', async (c) => orders.forward(c, `${orders.url}/orders`, await customerOf(c)));
    routes.get('/api/orders/:id', async (c) =>
      orders.forward(c, `${orders.url}/orders/${encodeURIComponent(c.req.param('id'))}`, await customerOf(c)),
    );
  },
});

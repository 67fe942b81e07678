import { readEnvironment } from '../../service/environment.ts';
import { httpClient } from '../../service/http-client.ts';
import { serve } from '../../service/serve.ts';
import { SharedPool } from '../../service/shared-pool.ts';
import { forwardTo } from './forward.ts';
import { tokenCheck } from './token-check.ts';

const environment = readEnvironment();
// All upstreams through one pool, as many HTTP clients have it by default: the way a slow one takes the others with it.
const pool = new SharedPool(environment.integer('UPSTREAM_CONNECTIONS', { min: 1, max: 10_000, fallback: 48 }));
const forward = forwardTo(httpClient(pool));
const customerOf = tokenCheck(environment.text('JWT_SECRET'));
const auth = environment.url('AUTH_URL');
const users = environment.url('USERS_URL');
const catalog = environment.url('CATALOG_URL');
const orders = environment.url('ORDERS_URL');

serve({
  name: 'gateway',
  routes(routes) {
    routes.post('/api/login', (c) => forward(c, `${auth}/login`));
    routes.get('/api/products', (c) => forward(c, `${catalog}/products`));
    routes.get('/api/products/:id', (c) => forward(c, `${catalog}/products/${encodeURIComponent(c.req.param('id'))}`));
    routes.get('/api/users/me', async (c) => {
      const customer = await customerOf(c);
      return forward(c, `${users}/users/${encodeURIComponent(customer)}`, customer);
    });
    routes.post('/api/orders', async (c) => forward(c, `${orders}/orders`, await customerOf(c)));
    routes.get('/api/orders/:id', async (c) =>
      forward(c, `${orders}/orders/${encodeURIComponent(c.req.param('id'))}`, await customerOf(c)),
    );
  },
});

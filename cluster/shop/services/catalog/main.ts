import { openDatabase, prepareDatabase } from '../../service/database.ts';
import { readEnvironment } from '../../service/environment.ts';
import { Failure } from '../../service/failure.ts';
import { serviceLog } from '../../service/log.ts';
import { serve } from '../../service/serve.ts';
import { cached } from './cached.ts';
import { listProducts, migration } from './products.ts';

const environment = readEnvironment();
const log = serviceLog('catalog');
const database = openDatabase(environment, log);
const cacheMs = environment.integer('CACHE_MS', { min: 0, max: 60_000, fallback: 1_000 });
const products = cached(cacheMs, () => listProducts(database));

serve({
  name: 'catalog',
  log,
  prepare: () => prepareDatabase(database, migration, log),
  release: () => database.end(),
  routes(routes) {
    routes.get('/products', async (c) => c.json({ products: await products() }));
    routes.get('/products/:id', async (c) => {
      const id = c.req.param('id');
      const product = (await products()).find((candidate) => candidate.id === id);
      if (!product) throw new Failure(404, 'no-such-product', `There is no product ${id}.`);
      return c.json(product);
    });
  },
});

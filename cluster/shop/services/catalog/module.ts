import { customerBehindGateway } from '../../service/customer.ts';
import { openDatabase, prepareDatabase } from '../../service/database.ts';
import { Failure } from '../../service/failure.ts';
import type { Module } from '../../service/module.ts';
import { bakedSettings } from './baked-settings.ts';
import { cached } from './cached.ts';
import { openImages } from './images.ts';
import { listProducts, migration } from './products.ts';

/** What is for sale, read by everybody. */
export const catalog: Module = async (host) => {
  const { environment, log } = host;
  const database = openDatabase(environment, log);
  const cacheMs = environment.integer('CACHE_MS', { min: 0, max: 60_000, fallback: bakedSettings.cacheMs });
  const products = cached(cacheMs, () => listProducts(database));
  const product = async (id: string) => {
    const found = (await products()).find((candidate) => candidate.id === id);
    if (!found) throw new Failure(404, 'no-such-product', `There is no product ${id}.`);
    return found;
  };
  const images = await openImages(environment, log);
  const customerOf = customerBehindGateway(environment);

  return {
    prepare: () => prepareDatabase(database, migration, log),
    async release() {
      images?.close();
      await database.end();
    },
    routes(routes) {
      routes.get('/products', async (c) => c.json({ products: await products() }));
      routes.get('/products/:id', async (c) => c.json(await product(c.req.param('id'))));
      if (!images) return;
      routes.post('/products/:id/images', async (c) => {
        await customerOf(c);
        return images.upload(c, (await product(c.req.param('id'))).id);
      });
      routes.get('/products/:id/images/:image', (c) => images.image(c.req.param('image')));
      routes.get('/products/:id/images/:image/thumbnail', (c) => images.thumbnail(c.req.param('image')));
    },
  };
};

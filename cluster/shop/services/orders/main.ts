import { z } from 'zod/v3';
import { jsonBody } from '../../service/body.ts';
import { openDatabase, prepareDatabase } from '../../service/database.ts';
import { readEnvironment } from '../../service/environment.ts';
import { Failure } from '../../service/failure.ts';
import { edgeSettings } from '../../resilience/edge-settings.ts';
import { resilientClient } from '../../resilience/resilient-client.ts';
import { httpClient } from '../../service/http-client.ts';
import { reportPool } from '../../service/pool-gauges.ts';
import { serviceLog } from '../../service/log.ts';
import { orderItems } from '../../service/order-items.ts';
import { callerGone } from '../../service/routes.ts';
import { serve } from '../../service/serve.ts';
import { WaitingLine } from '../../service/waiting-line.ts';
import { checkout, decideAbandoned } from './checkout.ts';
import { inventoryClient } from './inventory.ts';
import { ongoingCheckouts } from './ongoing-checkouts.ts';
import { orderStore } from './order-store.ts';
import { paymentsClient, paymentsRecord } from './payments.ts';

const environment = readEnvironment();
const log = serviceLog('orders');
const database = openDatabase(environment, log);
const abandonedAfter = environment.integer('CHECKOUT_ABANDONED_SECONDS', { min: 1, max: 3_600, fallback: 20 });
const store = orderStore(database, abandonedAfter);
const http = httpClient();
const edgeTo = (name: string) => resilientClient(http, `orders>${name}`, edgeSettings(environment, name), log);
const paymentsEdge = edgeTo('payments');
const checkouts = new WaitingLine(environment.integer('MAX_CONCURRENT', { min: 1, max: 10_000, fallback: 32 }));
reportPool('workers', checkouts);
const payments = environment.url('PAYMENTS_URL');
const steps = {
  store,
  reserve: inventoryClient(edgeTo('inventory'), environment.url('INVENTORY_URL')),
  charge: paymentsClient(paymentsEdge, payments),
  isPaid: paymentsRecord(paymentsEdge, payments),
  ongoing: <T>(orderId: string, run: () => Promise<T>) => ongoing.run(orderId, run),
  isOngoing: (orderId: string) => ongoing.has(orderId),
  log,
};
const ongoing = ongoingCheckouts(store, decideAbandoned(steps), log);
const placeOrder = checkout(steps);

const orderBody = z.object({ items: orderItems });

serve({
  name: 'orders',
  log,
  prepare: () => prepareDatabase(database, store.migration, log),
  work: checkouts,
  release() {
    ongoing.stop();
    return database.end();
  },
  routes(routes) {
    routes.post('/orders', async (c) => {
      const customer = customerOf(c.req.header('x-customer-id'));
      const { items } = await jsonBody(c, orderBody);
      const key = c.req.header('idempotency-key');
      // Who still waits in line may leave it; a checkout that has begun goes on, since it may have charged by then.
      const order = await checkouts.run(() => placeOrder({ customer, items, key }), callerGone(c));
      return c.json(order, 201);
    });
    routes.get('/orders/:id', async (c) => {
      const order = await store.find(c.req.param('id'), customerOf(c.req.header('x-customer-id')));
      if (!order) throw new Failure(404, 'no-such-order', `There is no order ${c.req.param('id')} of this customer.`);
      return c.json(order);
    });
  },
});

/** The gateway has checked who it is. */
function customerOf(header: string | undefined): string {
  if (!header)
    throw new Failure(
      401,
      'no-customer',
      'The x-customer-id header is missing; orders are placed through the gateway.',
    );
  return header;
}

import { z } from 'zod/v3';
import { jsonBody } from '../../service/body.ts';
import { customerBehindGateway } from '../../service/customer.ts';
import { openDatabase, prepareDatabase } from '../../service/database.ts';
import { Failure } from '../../service/failure.ts';
import { edgeSettings } from '../../resilience/edge-settings.ts';
import { resilientClient } from '../../resilience/resilient-client.ts';
import { orderItems } from '../../service/order-items.ts';
import { callerGone } from '../../service/routes.ts';
import type { Module } from '../../service/module.ts';
import { WaitingLine } from '../../service/waiting-line.ts';
import { checkout, decideAbandoned, synchronous } from './checkout.ts';
import { compensation } from './compensation.ts';
import { inventoryClient } from './inventory.ts';
import { loadShedding } from './load-shedding.ts';
import { ongoingCheckouts } from './ongoing-checkouts.ts';
import { orderStore, type Order } from './order-store.ts';
import { paymentsClient } from './payments.ts';
import { withVolumeDiscount } from './volume-discount.ts';

/** Checkout, from the basket to the accepted order. */
export const orders: Module = async (host) => {
  const { environment, log } = host;
  const customerOf = customerBehindGateway(environment);
  const database = openDatabase(environment, log);
  const compensates = environment.oneOf('SAGA', ['none', 'compensate'], 'none') === 'compensate';
  const abandonedAfterSeconds = environment.integer('CHECKOUT_ABANDONED_SECONDS', { min: 1, max: 3_600, fallback: 20 });
  const kept = orderStore(database, { abandonedAfterSeconds, compensates });
  // Both releases are in the image, so that none has to be built for the second.
  const store = environment.oneOf('RELEASE', ['v1', 'v2'] as const, 'v1') === 'v2' ? withVolumeDiscount(kept) : kept;
  const http = host.client();
  const edgeTo = (name: string) => resilientClient(http, `orders>${name}`, edgeSettings(environment, name), log);
  const inventory = inventoryClient(edgeTo('inventory'), environment.url('INVENTORY_URL'));
  const payments = paymentsClient(edgeTo('payments'), environment.url('PAYMENTS_URL'));
  const checkouts = new WaitingLine(environment.integer('MAX_CONCURRENT', { min: 1, max: 10_000, fallback: 32 }));
  host.reportPool('workers', checkouts);
  const shed = loadShedding(checkouts, environment.integer('SHED_ABOVE_WAITING', { min: 0, max: 10_000, fallback: 0 }));
  const undoing = compensation({ store, release: inventory.release, refund: payments.refund, log });
  const onFailed = () => undoing.wake();

  /** Of no order that is not compensated: payments may yet be made to charge it. */
  async function onPaymentFailed(orderId: string): Promise<void> {
    if (!compensates) return;
    await store.fail(orderId, 'payment-failed');
    onFailed();
  }

  // Who does without a broker does without its client's 5 MB.
  const events =
    environment.oneOf('CHECKOUT', ['synchronous', 'events'], 'synchronous') === 'events'
      ? (await import('./by-events.ts')).byEvents({ environment, database, store, onPaymentFailed, log })
      : null;
  const steps = {
    ...{ store, reserve: inventory.reserve, chargeOf: payments.chargeOf, onFailed, log },
    ...(events?.style ?? synchronous(store, payments.charge)),
    ongoing: <T>(orderId: string, run: () => Promise<T>) => ongoing.run(orderId, run),
    isOngoing: (orderId: string) => ongoing.has(orderId),
  };
  const ongoing = ongoingCheckouts(store, decideAbandoned(steps), log);
  const placeOrder = checkout(steps);

  const orderBody = z.object({ items: orderItems });

  return {
    async prepare() {
      await prepareDatabase(database, store.migration, log);
      undoing.begin();
      await events?.begin();
    },
    work: checkouts,
    leave: events?.leave,
    async release() {
      ongoing.stop();
      undoing.stop();
      await events?.release();
      await database.end();
    },
    routes(routes) {
      routes.post('/orders', async (c) => {
        shed();
        const customer = await customerOf(c);
        const { items } = await jsonBody(c, orderBody);
        const key = c.req.header('idempotency-key');
        // Who still waits in line may leave it; a checkout that has begun goes on, since it may have charged by then.
        const order = await checkouts.run(() => placeOrder({ customer, items, key }), callerGone(c));
        return c.json(order, order.status === 'accepted' ? 201 : 202);
      });
      routes.get('/orders/:id', async (c) => {
        const order = await store.find(c.req.param('id'), await customerOf(c));
        if (!order) throw new Failure(404, 'no-such-order', `There is no order ${c.req.param('id')} of this customer.`);
        return c.json(order.status === 'to-be-paid' && !events ? await paidSince(order) : order);
      });
    },
  };

  /** Where no event tells of the payment of an order that was accepted before, whoever looks at it finds out. */
  async function paidSince(order: Order): Promise<Order> {
    if ((await payments.chargeOf(order.id)) !== 'made') return order;
    return { ...order, status: (await store.accept(order.id)) ? 'accepted' : 'failed' };
  }
};

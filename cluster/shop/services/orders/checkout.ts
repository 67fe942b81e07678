import { Failure } from '../../service/failure.ts';
import type { Log } from '../../service/log.ts';
import type { OrderItem } from '../../service/order-items.ts';
import type { NewOrder, Order, OrderStore } from './order-store.ts';

interface Steps {
  store: OrderStore;
  /** @throws Failure */
  reserve: (orderId: string, items: OrderItem[]) => Promise<void>;
  /** @throws Failure */
  charge: (orderId: string, amountCents: number) => Promise<void>;
  log: Log;
}

/**
 * A synchronous chain:
 *
 *   pending ──▶ reserve at inventory ──▶ charge at payments ──▶ accepted (committed, then acknowledged)
 *                        └───────── failed ◀───────┘
 *
 * There is no saga: when the charge fails, the reservation stays, and a charge whose answer was lost stays too.
 *
 * @throws Failure of the step that failed.
 */
export function checkout({ store, reserve, charge, log }: Steps) {
  return async (wanted: NewOrder): Promise<Order> => {
    const order = await store.begin(wanted, await store.price(wanted.items));
    if (!order) return sameAgain(store, wanted);
    try {
      await reserve(order.id, order.items);
      await charge(order.id, order.amountCents);
    } catch (error) {
      const failure = error instanceof Failure ? error.code : 'internal';
      await store.fail(order.id, failure);
      log.warn('Order failed', { orderId: order.id, failure });
      throw error;
    }
    await store.accept(order.id);
    return { ...order, status: 'accepted' };
  };
}

/** The customer repeats an order under the same key: it gets the first one's outcome, and nothing happens twice. */
async function sameAgain(store: OrderStore, { key = '', customer }: NewOrder): Promise<Order> {
  const order = await store.findByKey(key, customer);
  if (order?.status === 'accepted') return order;
  if (order?.status === 'failed') {
    throw new Failure(
      409,
      'order-failed',
      `Order ${order.id} has failed (${order.failure}); order again under a new key.`,
    );
  }
  throw new Failure(409, 'order-pending', 'An order under this key is on its way; ask again later.');
}

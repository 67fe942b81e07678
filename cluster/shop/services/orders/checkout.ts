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
  /** Whether payments has charged for the order. @throws Failure */
  isPaid: (orderId: string) => Promise<boolean>;
  /** Runs a checkout as one under way. */
  ongoing: <T>(orderId: string, checkout: () => Promise<T>) => Promise<T>;
  isOngoing: (orderId: string) => boolean;
  log: Log;
}

/**
 * A synchronous chain:
 *
 *   pending ──▶ reserve at inventory ──▶ charge at payments ──▶ accepted (committed, then acknowledged)
 *                        └───────── failed ◀───────┘
 *
 * There is no saga: when the charge fails, the reservation stays, and a charge whose answer was lost stays too. An order that a
 * process left pending when it died is gone on with when the customer repeats it: each step done before is done once.
 *
 * @throws Failure of the step that failed.
 */
export function checkout({ store, reserve, charge, ongoing, isOngoing, log }: Steps) {
  const goOn = async (order: Order): Promise<Order> => {
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
  return async (wanted: NewOrder): Promise<Order> => {
    const order = await store.begin(wanted, await store.price(wanted.items));
    if (order) return ongoing(order.id, () => goOn(order));
    const before = await outcome(store, wanted);
    if (before.status === 'accepted') return before;
    const [abandoned] = isOngoing(before.id) ? [] : await store.takeOver(1, before.id);
    if (abandoned) return ongoing(abandoned.id, () => goOn(abandoned));
    throw new Failure(409, 'order-pending', 'An order under this key is on its way; ask again later.');
  };
}

/** Decides an order that nobody goes on with, without charging anew: its customer was told nothing. Throws Failure, and it stays. */
export function decideAbandoned({ store, isPaid, log }: Steps) {
  return async (orderId: string): Promise<void> => {
    const paid = await isPaid(orderId);
    if (paid) await store.accept(orderId);
    else await store.fail(orderId, 'abandoned');
    log.warn('Decided an order that was left behind', { orderId, paid });
  };
}

/** The customer repeats an order under the same key: it gets the first one's outcome, and nothing happens twice. */
async function outcome(store: OrderStore, { key = '', customer }: NewOrder): Promise<Order> {
  const order = await store.findByKey(key, customer);
  if (order?.status === 'failed') {
    throw new Failure(
      409,
      'order-failed',
      `Order ${order.id} has failed (${order.failure}); order again under a new key.`,
    );
  }
  if (!order) throw new Failure(409, 'key-in-use', 'This key belongs to an order that is not found; use a new one.');
  return order;
}

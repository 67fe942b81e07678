import { Failure } from '../../service/failure.ts';
import type { Log } from '../../service/log.ts';
import type { OrderItem } from '../../service/order-items.ts';
import { givenUp, type NewOrder, type Order, type OrderStore } from './order-store.ts';

/** How an order that is reserved is paid and accepted. */
export interface CheckoutStyle {
  /** What of it is done before the order is accepted: the charge is made, or will be. @throws Failure */
  pay: (order: Order) => Promise<'made' | 'kept'>;
  /** Commits the order. @throws Failure 409 `order-failed` where it was given up meanwhile */
  accept: (order: Order, charge: 'made' | 'kept') => Promise<Order['status']>;
}

interface Steps extends CheckoutStyle {
  store: OrderStore;
  /** @throws Failure */
  reserve: (orderId: string, items: OrderItem[]) => Promise<void>;
  /** What payments knows of a charge for the order. @throws Failure */
  chargeOf: (orderId: string) => Promise<'made' | 'kept' | 'none'>;
  /** An order has failed: what is to be undone of it can be begun with. */
  onFailed: () => void;
  /** Runs a checkout as one under way. */
  ongoing: <T>(orderId: string, checkout: () => Promise<T>) => Promise<T>;
  isOngoing: (orderId: string) => boolean;
  log: Log;
}

/** A synchronous chain: the customer waits for payments and the bank, and has a paid order, or one whose charge payments keeps. */
export function synchronous(
  store: OrderStore,
  charge: (orderId: string, amountCents: number) => Promise<'made' | 'kept'>,
): CheckoutStyle {
  return {
    pay: ({ id, amountCents }) => charge(id, amountCents),
    async accept({ id }, charge) {
      if (charge === 'kept') {
        await store.acceptUnpaid(id);
        return 'to-be-paid';
      }
      if (!(await store.accept(id))) throw givenUp(id);
      return 'accepted';
    },
  };
}

/**
 * What every order goes through; it is acknowledged when it is accepted.
 *
 *   pending ──▶ reserve at inventory ──▶ pay ──▶ accepted (committed)          synchronous: charge at payments
 *                        └────── failed ◀─┘                                    events: nothing yet, it is accepted to be paid
 *
 * What a failed order leaves with others, a reservation, a charge whose answer was lost, stays there unless failures are compensated
 * (`compensation.ts`). An order that a process left pending when it died is gone on with when the customer repeats it: each step done before is done once.
 *
 * @throws Failure of the step that failed.
 */
export function checkout({ store, reserve, pay, accept, onFailed, ongoing, isOngoing, log }: Steps) {
  const goOn = async (order: Order): Promise<Order> => {
    let charge: 'made' | 'kept';
    try {
      await reserve(order.id, order.items);
      charge = await pay(order);
    } catch (error) {
      const failure = error instanceof Failure ? error.code : 'internal';
      await store.fail(order.id, failure);
      log.warn('Order failed', { orderId: order.id, failure });
      onFailed();
      throw error;
    }
    return { ...order, status: await accept(order, charge) };
  };
  return async (wanted: NewOrder): Promise<Order> => {
    const order = await store.begin(wanted, await store.price(wanted.items));
    if (order) return ongoing(order.id, () => goOn(order));
    const before = await outcome(store, wanted);
    if (before.status !== 'pending') return before;
    const [abandoned] = isOngoing(before.id) ? [] : await store.takeOver(1, before.id);
    if (abandoned) return ongoing(abandoned.id, () => goOn(abandoned));
    throw new Failure(409, 'order-pending', 'An order under this key is on its way; ask again later.');
  };
}

/** Decides an order that nobody goes on with, without charging anew: its customer was told nothing. Throws Failure, and it stays. */
export function decideAbandoned({ store, chargeOf, onFailed, log }: Steps) {
  return async (orderId: string): Promise<void> => {
    const charge = await chargeOf(orderId);
    if (charge === 'made') await store.accept(orderId);
    else if (charge === 'kept') await store.acceptUnpaid(orderId);
    else await store.fail(orderId, 'abandoned');
    log.warn('Decided an order that was left behind', { orderId, charge });
    if (charge === 'none') onFailed();
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

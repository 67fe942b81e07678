import type { Log } from '../../service/log.ts';
import type { OrderStore } from './order-store.ts';

/** Well below the time after which a checkout counts as abandoned. */
const everyMs = 5_000;
const mostAtOnce = 20;

/**
 * The checkouts of this process: says of each that it is still under way, and decides those that a process left behind when it
 * died. Without that a customer who repeats such an order would be told for ever that it is on its way.
 *
 * @param decide an abandoned order, for good
 */
export function ongoingCheckouts(store: OrderStore, decide: (orderId: string) => Promise<void>, log: Log) {
  const ongoing = new Set<string>();

  async function tend(): Promise<void> {
    if (ongoing.size > 0) await store.stillTrying([...ongoing]);
    for (const { id } of await store.takeOver(mostAtOnce)) {
      if (!ongoing.has(id)) await decide(id);
    }
  }

  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    tend()
      .catch((error: Error) => log.warn('Checkouts left behind are decided later', { error }))
      .finally(() => (busy = false));
  }, everyMs);
  timer.unref();

  return {
    /** Runs a checkout as one under way. */
    async run<T>(orderId: string, checkout: () => Promise<T>): Promise<T> {
      ongoing.add(orderId);
      try {
        return await checkout();
      } finally {
        ongoing.delete(orderId);
      }
    },
    has: (orderId: string) => ongoing.has(orderId),
    stop: () => clearInterval(timer),
  };
}

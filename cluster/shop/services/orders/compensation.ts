import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../../service/log.ts';
import type { OrderStore } from './order-store.ts';

interface Undoing {
  store: OrderStore;
  /** Lets go of what is reserved for the order. Harmless when nothing is, or is any more. @throws Failure */
  release: (orderId: string) => Promise<void>;
  /** Gives back what was charged for the order, and sees to it that nothing will be. As harmless. @throws Failure */
  refund: (orderId: string) => Promise<void>;
  log: Log;
}

const everyMs = 1_000;
const mostAtOnce = 20;
/** Another replica may try after so long; each step may be done again. */
const mineForSeconds = 2;

/**
 * The saga's way back: what a failed order has left with others is undone, step by step, and again until every step has succeeded,
 * by whichever replica lives. That it is due is committed with the failure itself.
 */
export function compensation({ store, release, refund, log }: Undoing) {
  let wanted = false;
  let stopped = false;
  let pause = new AbortController();

  async function undo(orderId: string): Promise<void> {
    try {
      await Promise.all([refund(orderId), release(orderId)]);
      await store.undone(orderId);
      log.info('Undid a failed order', { orderId });
    } catch (error) {
      log.warn('A failed order is undone later', { orderId, error });
    }
  }

  async function run(): Promise<void> {
    while (!stopped) {
      wanted = false;
      const ids = await store.takeToUndo(mostAtOnce, mineForSeconds).catch((error: Error) => {
        log.warn('Failed orders are undone later', { error });
        return [];
      });
      await Promise.all(ids.map(undo));
      if (wanted || ids.length === mostAtOnce) continue;
      pause = new AbortController();
      await delay(everyMs, undefined, { ref: false, signal: pause.signal }).catch(() => undefined); // woken
    }
  }

  return {
    begin: () => void run(),
    /** There is something to undo. */
    wake() {
      wanted = true;
      pause.abort();
    },
    stop() {
      stopped = true;
      pause.abort();
    },
  };
}

import { attempt } from './action.ts';
import type { Connection } from './connection.ts';
import { createStore } from './store.ts';
import type { Store } from './store.ts';

/** Something read by a request and kept as long as the store it belongs to; null until the server gave it. */
export interface Answer<T> extends Pick<Store<T | null>, 'get' | 'subscribe'> {
  /** Reads it again. A refusal becomes a message and leaves what there is. */
  refresh(): Promise<void>;
  /** While it is missing, reads it each time the stream comes to life: before that the lab may still be starting. Returns how to let go. */
  need(): () => void;
}

export function createAnswer<T>(connection: Connection, read: () => Promise<T>): Answer<T> {
  const { get, set, subscribe } = createStore<T | null>(null);
  let asked = 0;
  let shown = 0;
  let waiting = false;

  const refresh = async () => {
    const turn = ++asked;
    const value = await attempt(read);
    // An answer that was overtaken by a later one must not undo it; a later refusal takes nothing away.
    if (value === undefined || turn < shown) return;
    shown = turn;
    set(value);
  };
  const readIfMissing = async () => {
    if (connection.get() !== 'live' || get() !== null || waiting) return;
    waiting = true;
    try {
      await refresh();
    } finally {
      waiting = false;
    }
  };
  return {
    get,
    subscribe,
    refresh,
    need() {
      void readIfMissing();
      return connection.subscribe(() => void readIfMissing());
    },
  };
}

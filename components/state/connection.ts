import type { Store } from './store.ts';

/** `connecting` before the first message, `lost` after a break; `past` where a moment is shown that was, and does not change. */
export type ConnectionState = 'connecting' | 'live' | 'lost' | 'past';

/** The connection of one store. */
export type Connection = Pick<Store<ConnectionState>, 'get' | 'subscribe'>;

/** Resolves when it is live: at once where it is. */
export function whenLive(connection: Connection): Promise<void> {
  if (connection.get() === 'live') return Promise.resolve();
  return new Promise((resolve) => {
    const stop = connection.subscribe(() => {
      if (connection.get() !== 'live') return;
      stop();
      resolve();
    });
  });
}

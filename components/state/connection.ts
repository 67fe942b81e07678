import type { Store } from './store.ts';

/** `connecting` before the first message, `lost` after a break. */
export type ConnectionState = 'connecting' | 'live' | 'lost';

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

import { createStore } from './store.ts';

/** `connecting` before the first snapshot, `lost` after a break. */
export type ConnectionState = 'connecting' | 'live' | 'lost';

export const connection = createStore<ConnectionState>('connecting');

/** Resolves when the page is connected: at once where it is. */
export function whenLive(): Promise<void> {
  if (connection.get() === 'live') return Promise.resolve();
  return new Promise((resolve) => {
    const stop = connection.subscribe(() => {
      if (connection.get() !== 'live') return;
      stop();
      resolve();
    });
  });
}

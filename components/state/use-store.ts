import { useSyncExternalStore } from 'react';
import type { Store } from './store.ts';

/**
 * Reads one part of a store and renders again only when that part is another. `select` must answer the same
 * reference for the same state: pick, do not build.
 */
export function useStore<T, S>(store: Pick<Store<T>, 'get' | 'subscribe'>, select: (value: T) => S): S {
  const read = () => select(store.get());
  return useSyncExternalStore(store.subscribe, read, read);
}

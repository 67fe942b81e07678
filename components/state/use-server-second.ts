import { useSyncExternalStore } from 'react';
import { useLabStore } from './lab-store-context.ts';

/** Now by the server's clock, in whole seconds of Unix time; 0 in the page as it is built. */
export function useServerSecond(): number {
  const { clock } = useLabStore();
  return useSyncExternalStore(
    clock.subscribe,
    () => Math.floor(clock.now() / 1000),
    () => 0,
  );
}

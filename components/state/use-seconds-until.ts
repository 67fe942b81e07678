import { useSyncExternalStore } from 'react';
import { useLabStore } from './lab-store-context.ts';

/** Whole seconds until a moment of the server's clock, counting down; 0 once it has passed. */
export function useSecondsUntil(moment: number): number {
  const { clock } = useLabStore();
  const read = () => Math.max(0, Math.ceil((moment - clock.now()) / 1000));
  return useSyncExternalStore(clock.subscribe, read, () => 0);
}

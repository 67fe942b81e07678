import { useLabStore } from '../state/lab-store-context.ts';
import { rewindOf } from '../state/rewind.ts';
import type { Rewind } from '../state/rewind.ts';
import { useStore } from '../state/use-store.ts';

/** Where in time the page is, and how to go elsewhere. For parts of the page that are live themselves. */
export function useRewind(): Rewind {
  return useLabStore().own(rewindOf);
}

/** Time of the moment that is shown, Unix time in ms; null while that is now. */
export function useShownMoment(): number | null {
  const { past } = useRewind();
  return useStore(past.system, (view) => view?.time ?? null);
}

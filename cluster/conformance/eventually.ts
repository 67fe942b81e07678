import { setTimeout as delay } from 'node:timers/promises';

/** Bound of a single wait. An image is there already: what takes longer on a healthy cluster does not come. */
const BOUND_MS = 60_000;

/**
 * Looks until `look` answers something other than undefined, null or false. Rejects after a minute, or the bound given in ms, with
 * what was waited for and the last error.
 */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | null | undefined | false>,
  bound = BOUND_MS,
): Promise<T> {
  const end = performance.now() + bound;
  let cause: unknown;
  while (performance.now() < end) {
    try {
      const found = await look();
      if (found) return found;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await delay(100);
  }
  throw new Error(`waited for ${bound / 1000} s in vain: ${what}`, { cause });
}

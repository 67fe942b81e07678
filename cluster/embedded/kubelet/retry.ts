import { setTimeout as delay } from 'node:timers/promises';

/** How long it waits before it tries again, in ms: as for the API on a full disk. */
const retryMs = 1_000;

/**
 * Does something until it succeeds, or is wanted no more. Nobody else would do it again: what fails now, on a full disk say, must not
 * stay undone for good.
 *
 * @param tell is told why it has not succeeded, each time
 */
export async function retry(
  act: () => Promise<void>,
  isWanted: () => boolean,
  tell: (error: unknown) => void,
): Promise<void> {
  while (isWanted()) {
    try {
      return await act();
    } catch (error) {
      tell(error);
      await delay(retryMs, undefined, { ref: false });
    }
  }
}

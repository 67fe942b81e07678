import { sleep } from './sleep.ts';

/**
 * Lets only so many Node programs start at the same time. Each keeps a processor busy for a third of a second; a dozen that
 * start together keep everyone else waiting, the API and the page among them, and are no sooner ready. Native programs need
 * no slot: they are up in a moment.
 */
export interface StartSlots {
  /**
   * Waits for a slot, first come first served, or until the signal aborts. The slot is free again when `started` resolves,
   * or after a second: a container that has not answered by then waits for something itself.
   */
  take(started: Promise<void>, signal: AbortSignal): Promise<void>;
}

const longestStartMs = 1_000;

export function startSlots(count: number): StartSlots {
  const queue: (() => void)[] = [];
  let free = count;

  function release(): void {
    const next = queue.shift();
    if (next) next();
    else free += 1;
  }

  /** False when the signal came first. */
  async function acquire(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return false;
    if (free > 0) {
      free -= 1;
      return true;
    }
    const turn = Promise.withResolvers<boolean>();
    const mine = () => turn.resolve(true);
    const leave = () => {
      const place = queue.indexOf(mine);
      if (place >= 0) queue.splice(place, 1);
      turn.resolve(false);
    };
    queue.push(mine);
    signal.addEventListener('abort', leave, { once: true });
    const got = await turn.promise;
    signal.removeEventListener('abort', leave);
    return got;
  }

  return {
    async take(started, signal) {
      if (!(await acquire(signal))) return;
      void Promise.race([started, sleep(longestStartMs, signal)]).finally(release);
    },
  };
}

import { LONGEST_TIMEOUT } from '../network/longest-timeout.ts';

/**
 * Keys waiting to be reconciled. A key that is added while it waits is there once; added while it is worked on, it is
 * worked on once more afterwards; never twice at the same time. After a failure it returns with exponential back-off.
 */
export interface WorkQueue {
  add(key: string): void;
  /**
   * Adds the key later, after 25 days at the latest; of several such calls the earliest time counts. Milliseconds.
   */
  addAfter(key: string, milliseconds: number): void;
  /** Drops what waits; resolves when what is being worked on has ended. */
  close(): Promise<void>;
}

/** Brings what the key names to its desired state. May answer after how many ms it wants to look again. */
export type Reconcile = (key: string) => Promise<number | void>;

const firstRetryMs = 5;
const lastRetryMs = 30_000;

export interface WorkQueueOptions {
  /** How many keys are worked on at once. */
  workers?: number;
  onError?: (key: string, error: unknown, retryMs: number) => void;
}

export function startWorkQueue(reconcile: Reconcile, { workers = 4, onError }: WorkQueueOptions = {}): WorkQueue {
  const waiting = new Set<string>();
  const working = new Map<string, Promise<void>>();
  const again = new Set<string>();
  const failures = new Map<string, number>();
  const timers = new Map<string, { at: number; timer: NodeJS.Timeout }>();
  let closed = false;

  function add(key: string): void {
    if (closed) return;
    if (working.has(key)) again.add(key);
    else waiting.add(key);
    work();
  }

  function addAfter(key: string, milliseconds: number): void {
    const wait = Math.min(milliseconds, LONGEST_TIMEOUT);
    const at = performance.now() + wait;
    const earlier = timers.get(key);
    if (closed || (earlier && earlier.at <= at)) return;
    clearTimeout(earlier?.timer);
    const timer = setTimeout(() => {
      timers.delete(key);
      add(key);
    }, wait);
    timers.set(key, { at, timer });
  }

  function work(): void {
    for (const key of waiting) {
      if (working.size >= workers) return;
      waiting.delete(key);
      working.set(key, run(key));
    }
  }

  async function run(key: string): Promise<void> {
    // A turn later, so that a burst of events about one key is one reconcile.
    await new Promise(setImmediate);
    again.delete(key);
    try {
      const lookAgainMs = closed ? undefined : await reconcile(key);
      failures.delete(key);
      if (typeof lookAgainMs === 'number') addAfter(key, lookAgainMs);
    } catch (error) {
      const count = failures.get(key) ?? 0;
      const retryMs = Math.min(firstRetryMs * 2 ** count, lastRetryMs);
      failures.set(key, count + 1);
      if (!closed) onError?.(key, error, retryMs);
      addAfter(key, retryMs);
    }
    working.delete(key);
    if (again.delete(key)) add(key);
    else work();
  }

  return {
    add,
    addAfter,
    async close() {
      closed = true;
      waiting.clear();
      for (const { timer } of timers.values()) clearTimeout(timer);
      await Promise.all(working.values());
    },
  };
}

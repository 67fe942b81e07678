/** Lets a bounded number of tasks run at once; the rest wait in line, first come first served. */
export class WaitingLine {
  readonly #limit: number;
  readonly #waiting = new Set<() => void>();
  readonly #idle = new Set<() => void>();
  #running = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How many may run at once. */
  get limit(): number {
    return this.#limit;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * @param signal leaves the line when it aborts, rejecting with its reason; a task that has begun runs to its end.
   */
  async run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    await this.#enter(signal);
    try {
      return await task();
    } finally {
      this.#leave();
    }
  }

  /** Resolves when nothing runs: at once, or when the last task has ended. */
  idle(): Promise<void> {
    return this.#running === 0 ? Promise.resolve() : new Promise<void>((resolve) => void this.#idle.add(resolve));
  }

  async #enter(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#running < this.#limit) {
      this.#running += 1;
      return;
    }
    const turn = Promise.withResolvers<void>();
    const giveUp = () => {
      this.#waiting.delete(turn.resolve);
      turn.reject(signal?.reason);
    };
    this.#waiting.add(turn.resolve);
    signal?.addEventListener('abort', giveUp, { once: true });
    try {
      await turn.promise;
    } finally {
      signal?.removeEventListener('abort', giveUp);
    }
  }

  /** The place goes straight to the first in line, so that nobody who comes now can overtake. */
  #leave(): void {
    const [next] = this.#waiting;
    if (!next) {
      this.#running -= 1;
      if (this.#running > 0) return;
      for (const resolve of this.#idle) resolve();
      this.#idle.clear();
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}

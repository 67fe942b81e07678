const TICK = 250;

/** What of a system's time is asked for. */
export interface Clock {
  /** Each message says its time, Unix time in ms. */
  note(time: number): void;
  /** Now, in Unix ms. */
  now(): number;
  /** Calls back when it may be later; returns how to stop. */
  readonly subscribe: (listener: () => void) => () => void;
}

/** The clock of a moment: it stands still at the time of the last message. */
export class StoppedClock implements Clock {
  #time = 0;
  readonly #listeners = new Set<() => void>();

  note(time: number): void {
    this.#time = time;
    for (const listener of this.#listeners) listener();
  }

  now(): number {
    return this.#time;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}

/** The clock of a server, as its messages tell it. */
export class ServerClock implements Clock {
  /**
   * Server's clock minus the time since this page was opened, in ms, which no correction of the browser's clock changes. The
   * smallest delay seen gives the best estimate.
   */
  #offset = Number.NEGATIVE_INFINITY;
  readonly #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setInterval> | null = null;

  /** Each message says the server's time; one that was late on its way must not set the clock back. */
  note(time: number): void {
    this.#offset = Math.max(this.#offset, time - performance.now());
  }

  /** Now, by the server's clock, in unix ms. */
  now(): number {
    return Number.isFinite(this.#offset) ? performance.now() + this.#offset : Date.now();
  }

  /** Calls back four times a second. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#timer ??= setInterval(() => {
      for (const each of this.#listeners) each();
    }, TICK);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0 || !this.#timer) return;
      clearInterval(this.#timer);
      this.#timer = null;
    };
  };
}

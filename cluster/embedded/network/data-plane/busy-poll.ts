/** In ms. Whoever calls and answers faster than this, again and again, waits mostly for processors to wake up. */
const WINDOW_MS = 0.1;

/**
 * Keeps the event loop from going to sleep for a moment after bytes that came close upon others, as the kernel's adaptive busy
 * polling does. A processor that has gone idle takes tens of microseconds to come back, which is most of a hop's time where one
 * connection asks and answers. Traffic with longer gaps never causes it, and it ends 0.1 ms after the last bytes.
 */
export class BusyPoll {
  #last = -Infinity;
  #polling = false;
  readonly #now: () => number;
  readonly #nextTurn: (turn: () => void) => void;

  constructor(now: () => number = () => performance.now(), nextTurn: (turn: () => void) => void = setImmediate) {
    this.#now = now;
    this.#nextTurn = nextTurn;
  }

  /** Bytes have passed. */
  bytes(): void {
    const now = this.#now();
    const isClose = now - this.#last < WINDOW_MS;
    this.#last = now;
    if (!isClose || this.#polling) return;
    this.#polling = true;
    this.#nextTurn(this.#turn);
  }

  readonly #turn = (): void => {
    if (this.#now() - this.#last < WINDOW_MS) this.#nextTurn(this.#turn);
    else this.#polling = false;
  };
}

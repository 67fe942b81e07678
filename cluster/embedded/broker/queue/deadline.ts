/** The longest that a timer of Node waits, in ms. */
const longestMs = 2 ** 31 - 1;

/** Calls back at a time that may be moved. It keeps no process alive. */
export class Deadline {
  #timer: NodeJS.Timeout | undefined;
  #at: number | null = null;
  readonly #then: () => void;

  constructor(then: () => void) {
    this.#then = then;
  }

  /** @param at Unix ms; null for never */
  set(at: number | null): void {
    if (at === this.#at) return;
    clearTimeout(this.#timer);
    this.#at = at;
    if (at === null) return;
    const left = Math.min(Math.max(0, at - Date.now()), longestMs);
    this.#timer = setTimeout(() => {
      this.#at = null;
      if (Date.now() < at) this.set(at);
      else this.#then();
    }, left).unref();
  }
}

/** Whether every watch of a model runs: one with a part missing would mislead. */
export class Connection {
  readonly #onChange: (connected: boolean, cause?: unknown) => void;
  /** Null: it has not said anything yet. */
  readonly #watches = new Map<object, boolean | null>();
  #was: boolean | null = null;

  /** `onChange` is called with each failed try, for its cause may be another one now, and once when all of them run. */
  constructor(onChange: (connected: boolean, cause?: unknown) => void) {
    this.#onChange = onChange;
  }

  get connected(): boolean {
    return this.#was === true;
  }

  /** A watch that comes later, of a namespace that has just been made, changes nothing until it speaks. */
  add(watch: object): void {
    this.#watches.set(watch, null);
  }

  remove(watch: object): void {
    this.#watches.delete(watch);
    this.#settle();
  }

  report(watch: object, connected: boolean, cause?: unknown): void {
    if (!this.#watches.has(watch)) return; // its namespace has gone
    this.#watches.set(watch, connected);
    if (connected) return this.#settle();
    this.#was = false;
    this.#onChange(false, cause);
  }

  #settle(): void {
    if (this.#was === true || ![...this.#watches.values()].every((runs) => runs === true)) return;
    this.#was = true;
    this.#onChange(true);
  }
}

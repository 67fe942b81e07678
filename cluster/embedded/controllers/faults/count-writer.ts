/** How often the counts of one fault are written, in ms, while they change. The first effect is written at once. */
const writeEveryMs = 250;

/** Writes at once, then the latest when the pause is over, unless it is to be at once again: a shop under load must not keep the store busy with counts. */
export class CountWriter {
  readonly #write: (id: string) => Promise<void>;
  readonly #pauses = new Map<string, NodeJS.Timeout>();
  readonly #due = new Set<string>();

  /** @param write must not throw */
  constructor(write: (id: string) => Promise<void>) {
    this.#write = write;
  }

  changed(id: string, atOnce = false): void {
    if (atOnce) this.forget(id);
    if (this.#pauses.has(id)) {
      this.#due.add(id);
      return;
    }
    const pause = setTimeout(() => {
      this.#pauses.delete(id);
      if (this.#due.delete(id)) this.changed(id);
    }, writeEveryMs);
    this.#pauses.set(id, pause);
    void this.#write(id);
  }

  forget(id: string): void {
    clearTimeout(this.#pauses.get(id));
    this.#pauses.delete(id);
    this.#due.delete(id);
  }

  close(): void {
    for (const id of [...this.#pauses.keys()]) this.forget(id);
  }
}

import type { StoreEvent } from './event.ts';

/** A watch that wants events the store no longer has, or that have not happened. */
export class ExpiredError extends Error {
  readonly code = 'Expired';
}

/** The latest events of a resource, for watches that resume where they broke off. */
export class History {
  /** All events after this revision are here. */
  start: number;
  readonly #limit: number;
  #events: StoreEvent[] = [];

  constructor(limit: number, start: number) {
    this.#limit = limit;
    this.start = start;
  }

  add(event: StoreEvent): void {
    this.#events.push(event);
    // Dropping a half at a time keeps an add cheap.
    if (this.#events.length > 2 * this.#limit) {
      const dropped = this.#events.splice(0, this.#events.length - this.#limit);
      this.start = dropped.at(-1)!.revision;
    }
  }

  /**
   * Events after `revision`; `latest` is the revision of the whole store.
   *
   * @throws ExpiredError
   */
  after(revision: number, latest: number): StoreEvent[] {
    if (revision < this.start) throw new ExpiredError(`too old resource version: ${revision} (${this.start})`);
    if (revision > latest) throw new ExpiredError(`Too large resource version: ${revision}, current: ${latest}`);
    let first = this.#events.length;
    while (first > 0 && this.#events[first - 1]!.revision > revision) first--;
    return this.#events.slice(first);
  }
}

import type { StoreEvent } from './event.ts';

/** A watch that wants events the store no longer has, or that have not happened. */
export class ExpiredError extends Error {
  readonly code = 'Expired';
}

/** How much the objects of a history may come to, in characters of JSON. */
const SIZE_LIMIT = 32 * 1024 * 1024;

/** The latest events of a resource, for watches that resume where they broke off. */
export class History {
  /** All events after this revision are here. */
  start: number;
  readonly #limit: number;
  #events: StoreEvent[] = [];
  #sizes: number[] = [];
  #size = 0;

  constructor(limit: number, start: number) {
    this.#limit = limit;
    this.start = start;
  }

  /** @param size of what is new with the event */
  add(event: StoreEvent, size: number): void {
    this.#events.push(event);
    this.#sizes.push(size);
    this.#size += size;
    if (this.#events.length <= 2 * this.#limit && this.#size <= SIZE_LIMIT) return;
    // Dropping a half at a time keeps an add cheap.
    let count = 0;
    for (; this.#events.length - count > this.#limit || this.#size > SIZE_LIMIT / 2; count++)
      this.#size -= this.#sizes[count]!;
    this.#sizes.splice(0, count);
    this.start = this.#events.splice(0, count).at(-1)!.revision;
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

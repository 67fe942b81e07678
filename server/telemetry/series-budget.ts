import type { SeriesStore } from './series-store.ts';

/** Seconds given up at a time. */
const STRIDE = 10;

/** What the series of all scopes may take together. When it is more, the oldest seconds go, of all of them alike. */
export class SeriesBudget {
  bytes = 0;
  readonly #max: number;
  readonly #stores = new Set<SeriesStore>();

  constructor(maxBytes: number) {
    this.#max = maxBytes;
  }

  add(store: SeriesStore): void {
    this.#stores.add(store);
  }

  remove(store: SeriesStore): void {
    this.#stores.delete(store);
    store.close();
  }

  /** To be called after every batch. Ends: each round gives up at least one second, and series without seconds are few. */
  enforce(): void {
    while (this.bytes > this.#max) {
      let oldest = Infinity;
      for (const series of this.#series()) oldest = Math.min(oldest, series.first);
      if (oldest === Infinity) return;
      for (const series of this.#series()) series.forget(oldest + STRIDE);
    }
  }

  *#series() {
    for (const store of this.#stores) yield* store.all();
  }
}

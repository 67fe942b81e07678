/** Which lines go when there are too many. */
export type DropPolicy = 'oldest' | 'newest';

/** Lines between who reads them and who ships them: a bounded number, so that neither waits for the other. */
export class LineBuffer<T> {
  readonly #max: number;
  readonly #policy: DropPolicy;
  #lines: T[] = [];
  #wake = () => {};
  /** How many were dropped so far. */
  dropped = 0;

  constructor(max: number, policy: DropPolicy) {
    this.#max = max;
    this.#policy = policy;
  }

  get size(): number {
    return this.#lines.length;
  }

  add(lines: readonly T[]): void {
    const all = [...this.#lines, ...lines];
    const excess = Math.max(0, all.length - this.#max);
    this.dropped += excess;
    this.#lines = this.#policy === 'oldest' ? all.slice(excess) : all.slice(0, this.#max);
    this.#wake();
  }

  /** The oldest lines, at most `max`, as soon as there are some. Resolves empty when `ended` comes first. */
  async take(max: number, ended: AbortSignal): Promise<T[]> {
    while (this.#lines.length === 0 && !ended.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      ended.addEventListener('abort', this.#wake, { once: true });
      await promise;
      ended.removeEventListener('abort', this.#wake);
    }
    return this.#lines.splice(0, max);
  }
}

/** Who wants to be told of something. */
export class Listeners<T> {
  readonly #listeners = new Set<(told: T) => void>();

  /** Returns the unsubscriber. */
  add(listener: (told: T) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  tell(told: T): void {
    for (const listener of this.#listeners) listener(told);
  }
}

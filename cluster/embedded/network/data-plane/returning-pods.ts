const RETRY_MS = 10;

/**
 * After a restart the pods' processes come back one by one, and only they know what they listen on. For that long "nobody
 * listens" may mean "not yet": the question is asked again until it has another answer.
 */
export class ReturningPods {
  readonly #until: number;

  constructor(forMs: number) {
    this.#until = performance.now() + forMs;
  }

  /** Calls `use` with what `find` finds: at once when that is an answer, or when all have had their time to come back. */
  wait<T>(find: () => T, isMissing: (found: T) => boolean, use: (found: T) => void): void {
    const found = find();
    if (isMissing(found) && performance.now() < this.#until)
      setTimeout(() => this.wait(find, isMissing, use), RETRY_MS);
    else use(found);
  }
}

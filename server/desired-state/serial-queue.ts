import { CodedError } from '../errors.ts';

/** Runs tasks one after the other, in the order they came; refuses more than `limit` at once. */
export class SerialQueue {
  readonly #limit: number;
  readonly #what: string;
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  /** @param what of it there are, for whoever is refused */
  constructor(limit: number, what = 'switches') {
    this.#limit = limit;
    this.#what = what;
  }

  /** Throws CodedError `too-many-switches` when the queue is full. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#waiting >= this.#limit) {
      throw new CodedError(
        'too-many-switches',
        `${this.#waiting} ${this.#what} are under way already; this one was not made.`,
      );
    }
    this.#waiting += 1;
    return this.follow(task).finally(() => (this.#waiting -= 1));
  }

  /** In its turn as well, but neither counted nor refused: for what the caller bounds itself. */
  follow<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined); // the caller has it; the next task must run all the same
    return result;
  }
}

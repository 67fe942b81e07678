import { SerialQueue } from './serial-queue.ts';

/** Of numbers there are many, and each is rendered. */
const waitingLimit = 64;
const kept = 128;

/** Diffs of switches that nobody has made, of the present commit: each rendered once, however many ask. */
export class Previews {
  readonly #queue = new SerialQueue(waitingLimit, 'previews');
  #known = new Map<string, Promise<string>>();

  /** Throws CodedError `too-many-switches`, or what `make` does; the next one tries again then. */
  read(key: string, make: () => Promise<string>): Promise<string> {
    const before = this.#known.get(key);
    if (before) return before;
    const known = this.#known;
    const diff = this.#queue.run(make);
    known.set(key, diff);
    for (const [oldest] of known) if (known.size > kept) known.delete(oldest);
    diff.catch(() => known.delete(key)); // whoever asked has the error
    return diff;
  }

  /** There is another commit. */
  clear(): void {
    this.#known = new Map();
  }
}

/** What a channel tells its publisher of messages, which are numbered in the order in which they came. */
export class Confirms {
  #published = 0;
  #told = 0;
  #refused: number[] = [];
  readonly #tell: (answer: 'ack' | 'nack', tag: number, multiple: boolean) => void;

  constructor(tell: (answer: 'ack' | 'nack', tag: number, multiple: boolean) => void) {
    this.#tell = tell;
  }

  /** One more has come. */
  publish(refused: boolean): void {
    this.#published++;
    if (refused) this.#refused.push(this.#published);
  }

  /** All that have come are where they belong, on the disk too, but for those refused. Answers how many were told of. */
  allSafe(): number {
    const before = this.#told;
    for (const tag of this.#refused) {
      this.#acknowledge(tag - 1);
      this.#tell('nack', tag, false);
      this.#told = tag;
    }
    this.#refused = [];
    this.#acknowledge(this.#published);
    return this.#told - before;
  }

  #acknowledge(until: number): void {
    if (until <= this.#told) return;
    this.#tell('ack', until, until - this.#told > 1);
    this.#told = until;
  }
}

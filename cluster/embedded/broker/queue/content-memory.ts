import { memoryOf, type Content } from '../message.ts';

/** How much of the messages is in memory, of all queues together. */
export class ContentMemory {
  used = 0;
  readonly #bound: number;

  constructor(bound: number) {
    this.#bound = bound;
  }

  hasRoomFor(content: Content): boolean {
    return this.used + memoryOf(content) <= this.#bound;
  }

  get isFull(): boolean {
    return this.used > this.#bound;
  }

  add(content: Content): void {
    this.used += memoryOf(content);
  }

  remove(content: Content): void {
    this.used -= memoryOf(content);
  }
}

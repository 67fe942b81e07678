import type { Entry } from '../message.ts';
import type { Queue } from './queue.ts';

/** Who takes messages of a queue: a channel on behalf of a client. */
export interface Consumer {
  readonly tag: string;
  readonly queue: Queue;
  readonly noAck: boolean;
  readonly exclusive: boolean;
  /** It gets messages before those of less. */
  readonly priority: number;
  /** Whether it takes one more now. */
  isReady(): boolean;
  /** The entry has its content. */
  deliver(entry: Entry): void;
  /** The queue is gone. */
  cancelled(): void;
}

/** The consumers of a queue, in the order in which they are asked: the greatest priority first, among equals in turn. */
export class Consumers {
  #consumers: Consumer[] = [];
  readonly #single: boolean;

  /** @param single only the first gets messages, the others wait until it is gone */
  constructor(single: boolean) {
    this.#single = single;
  }

  get all(): readonly Consumer[] {
    return this.#consumers;
  }

  add(consumer: Consumer): void {
    this.#place(consumer, this.#consumers);
  }

  remove(consumer: Consumer): void {
    this.#consumers = this.#consumers.filter((each) => each !== consumer);
  }

  /** One that takes a message now; it is asked last next time. */
  next(): Consumer | undefined {
    if (this.#single) return this.#consumers[0]?.isReady() ? this.#consumers[0] : undefined;
    const at = this.#consumers.findIndex((each) => each.isReady());
    const consumer = this.#consumers[at];
    if (!consumer || this.#consumers.length === 1) return consumer;
    this.#consumers.splice(at, 1);
    this.#place(consumer, this.#consumers);
    return consumer;
  }

  #place(consumer: Consumer, among: Consumer[]): void {
    // With a single active consumer the first stays, whatever comes.
    const less = this.#single ? -1 : among.findIndex(({ priority }) => priority < consumer.priority);
    if (less < 0) among.push(consumer);
    else among.splice(less, 0, consumer);
  }
}

import type { Entry } from '../message.ts';
import { methodId } from '../protocol/codec.ts';
import type { Consumer } from '../queue/consumer.ts';
import type { Queue } from '../queue/queue.ts';
import type { Channel } from './channel.ts';

const cancel = methodId('BasicCancel');

/** A consumer that a client has begun by basic.consume. */
export class Subscription implements Consumer {
  readonly tag: string;
  readonly queue: Queue;
  readonly noAck: boolean;
  readonly exclusive: boolean;
  readonly priority: number;
  unacknowledged = 0;
  readonly #channel: Channel;
  readonly #prefetch: number;

  constructor(
    channel: Channel,
    queue: Queue,
    { tag, noAck, exclusive, priority }: { tag: string; noAck: boolean; exclusive: boolean; priority: number },
  ) {
    this.#channel = channel;
    this.#prefetch = channel.prefetch;
    this.queue = queue;
    this.tag = tag;
    this.noAck = noAck;
    this.exclusive = exclusive;
    this.priority = priority;
  }

  isReady(): boolean {
    if (!this.#channel.isOpen || !this.#channel.connection.isFlowing) return false;
    return this.noAck || ((this.#prefetch === 0 || this.unacknowledged < this.#prefetch) && this.#channel.takesMore);
  }

  deliver(entry: Entry): void {
    if (!this.noAck) this.unacknowledged++;
    this.#channel.deliver(this, entry);
  }

  cancelled(): void {
    this.#channel.consumers.delete(this.tag);
    if (this.#channel.connection.takesCancels) this.#channel.send(cancel, { consumerTag: this.tag, nowait: true });
  }
}

import { limits } from '../limits.ts';
import type { Content, Entry } from '../message.ts';
import { encodeMethod, methodId, type Properties } from '../protocol/codec.ts';
import { contentFrames } from '../protocol/frames.ts';
import { ReplyError } from '../protocol/reply-error.ts';
import type { Queue } from '../queue/queue.ts';
import type { VirtualHost } from '../virtual-host.ts';
import { Confirms } from './confirms.ts';
import type { Subscription } from './subscription.ts';
import { Unacknowledged, type Delivery } from './unacknowledged.ts';

/** What a channel needs of its connection. */
export interface ChannelConnection {
  readonly host: VirtualHost;
  readonly user: string;
  /** Bytes of a frame that the client takes. */
  readonly frameBytes: number;
  /** The client takes in what it is sent. */
  readonly isFlowing: boolean;
  /** The client understands a basic.cancel that it has not asked for. */
  readonly takesCancels: boolean;
  send(frames: Buffer): void;
}

const ids = {
  deliver: methodId('BasicDeliver'),
  return: methodId('BasicReturn'),
  getOk: methodId('BasicGetOk'),
  ack: methodId('BasicAck'),
  nack: methodId('BasicNack'),
};

/** One conversation of a connection: its consumers, what it has been given, what it has published. */
export class Channel {
  readonly number: number;
  readonly connection: ChannelConnection;
  readonly consumers = new Map<string, Subscription>();
  readonly unacknowledged = new Unacknowledged();
  /** Null until confirm.select. */
  confirms: Confirms | null = null;
  /** For consumers to come; 0 for no bound. */
  prefetch = 0;
  /** For all consumers of the channel together. */
  sharedPrefetch = 0;
  /** The queue that an empty name stands for. */
  lastQueue = '';
  #closed = false;
  #confirming = false;

  constructor(number: number, connection: ChannelConnection) {
    this.number = number;
    this.connection = connection;
  }

  get isOpen(): boolean {
    return !this.#closed;
  }

  get host(): VirtualHost {
    return this.connection.host;
  }

  /** Sends a method. */
  send(id: number, fields: object = {}): void {
    this.connection.send(encodeMethod(id, this.number, fields));
  }

  /** The name of a queue: where it is empty, of the one declared last. Throws ReplyError NOT_FOUND without one. */
  queueName(given: string): string {
    if (given === '' && this.lastQueue === '') throw new ReplyError('NOT_FOUND', 'no previously declared queue');
    return given || this.lastQueue;
  }

  /** The queue of that name. Throws ReplyError. */
  queue(name: string): Queue {
    return this.host.queue(this.queueName(name), this.connection);
  }

  selectConfirms(): void {
    this.confirms ??= new Confirms((answer, deliveryTag, multiple) => {
      if (!this.#closed) this.send(ids[answer], { deliveryTag, multiple });
    });
  }

  publish(content: Content, properties: Properties, mandatory: boolean): void {
    const { counters } = this.host;
    counters.publish++;
    const outcome = this.host.publish(content, properties);
    if (outcome === 'unroutable') {
      counters[mandatory ? 'return_unroutable' : 'drop_unroutable']++;
      const { exchange, routingKey } = content;
      const fields = { replyCode: 312, replyText: 'NO_ROUTE', exchange, routingKey };
      if (mandatory) this.#sendContent(encodeMethod(ids.return, this.number, fields), content);
    }
    if (!this.confirms) return;
    this.confirms.publish(outcome === 'refused');
    this.#confirmSoon(this.confirms);
  }

  /** Whether a consumer of this channel that acknowledges may be given one more. */
  get takesMore(): boolean {
    const { size } = this.unacknowledged;
    return size < limits.unackedPerChannel && (this.sharedPrefetch === 0 || size < this.sharedPrefetch);
  }

  deliver(subscription: Subscription, entry: Entry): void {
    const { tag: consumerTag, queue, noAck } = subscription;
    const deliveryTag = this.#track(noAck ? null : { entry, queue, consumer: subscription });
    const { exchange, routingKey } = entry.content!;
    const fields = { consumerTag, deliveryTag, redelivered: entry.redelivered, exchange, routingKey };
    this.#sendContent(encodeMethod(ids.deliver, this.number, fields), entry.content!);
  }

  /** Answers basic.get. */
  give(queue: Queue, entry: Entry, noAck: boolean): void {
    const deliveryTag = this.#track(noAck ? null : { entry, queue, consumer: null });
    const { exchange, routingKey } = entry.content!;
    const fields = { deliveryTag, redelivered: entry.redelivered, exchange, routingKey, messageCount: queue.ready };
    this.#sendContent(encodeMethod(ids.getOk, this.number, fields), entry.content!);
  }

  /** Acknowledges, rejects or puts back what was taken out of `unacknowledged`, and goes on delivering. */
  settle(deliveries: Delivery[], how: 'ack' | 'reject' | 'requeue'): void {
    const back = new Map<Queue, Entry[]>();
    const queues = new Set(
      [...this.consumers.values()].filter(() => this.sharedPrefetch > 0).map(({ queue }) => queue),
    );
    for (const { entry, queue, consumer } of deliveries) {
      if (consumer) consumer.unacknowledged--;
      queues.add(queue);
      if (how === 'ack') queue.acknowledge(entry);
      else if (how === 'reject') queue.reject(entry);
      else if (back.has(queue)) back.get(queue)!.push(entry);
      else back.set(queue, [entry]);
    }
    for (const [queue, entries] of back) queue.requeue(entries);
    for (const queue of queues) queue.dispatch();
  }

  /** Ends its consumers and puts back what it has not acknowledged. */
  close(): void {
    this.#closed = true;
    for (const subscription of [...this.consumers.values()]) this.unsubscribe(subscription);
    this.settle(this.unacknowledged.takeAll(), 'requeue');
  }

  unsubscribe(subscription: Subscription): void {
    this.consumers.delete(subscription.tag);
    const { queue } = subscription;
    queue.unsubscribe(subscription);
    if (queue.definition.autoDelete && queue.consumers.all.length === 0) this.host.removeQueue(queue);
  }

  /** One answer for all that the same commit makes safe. */
  #confirmSoon(confirms: Confirms): void {
    if (this.#confirming) return;
    this.#confirming = true;
    this.host.messages.afterCommit(() => {
      this.#confirming = false;
      this.host.counters.confirm += confirms.allSafe();
    });
  }

  #track(delivery: Delivery | null): number {
    const tag = this.unacknowledged.nextTag();
    if (delivery) this.unacknowledged.add(tag, delivery);
    return tag;
  }

  #sendContent(method: Buffer, { properties, body }: Content): void {
    this.connection.send(contentFrames(this.number, method, properties, body, this.connection.frameBytes));
  }
}

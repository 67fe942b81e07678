import type { Counters } from '../counters.ts';
import { newCounters } from '../counters.ts';
import type { QueueDefinition } from '../definitions.ts';
import { limits } from '../limits.ts';
import type { Content, Entry } from '../message.ts';
import type { MessageStore } from '../store/message-store.ts';
import { readArguments, type QueueSettings } from './arguments.ts';
import { Consumers, type Consumer } from './consumer.ts';
import type { ContentMemory } from './content-memory.ts';
import type { DeathReason } from './dead-letter.ts';
import { Deadline } from './deadline.ts';
import { ReadyLine } from './ready-line.ts';

/** What a queue needs of the broker it is in. */
export interface QueueSurroundings {
  store: MessageStore;
  memory: ContentMemory;
  counters: Counters;
  /** A message died in this queue, which has a dead-letter exchange. */
  deadLetter(queue: Queue, content: Content, reason: DeathReason): void;
  /** Nobody has used it for as long as it lives without. */
  expired(queue: Queue): void;
}

/** What of a message decides how a queue takes it in. */
export interface Arrival {
  persistent: boolean;
  priority: number;
  /** Milliseconds it may wait; null for ever. */
  expirationMs: number | null;
}

/** Bytes brought into memory at a time. */
const loadBytes = 512 * 1024;
const loadMessages = 256;

/** Messages in line, and who takes them. */
export class Queue {
  readonly id: number;
  readonly definition: QueueDefinition;
  readonly settings: QueueSettings;
  readonly consumers: Consumers;
  readonly counters = newCounters();
  /** The connection that alone may use it. */
  readonly owner: object | null;
  /** Delivered, and waiting for an ack. */
  unacknowledged = 0;
  readyBytes = 0;
  /** An auto-delete queue goes when the last consumer that it has had is gone. */
  hadConsumer = false;
  readonly #lines: ReadyLine[];
  readonly #around: QueueSurroundings;
  readonly #headExpiry = new Deadline(() => this.#expireHead());
  readonly #unused: Deadline;
  #deleted = false;

  /** Throws ReplyError PRECONDITION_FAILED for arguments that cannot be. */
  constructor(id: number, definition: QueueDefinition, owner: object | null, around: QueueSurroundings) {
    this.id = id;
    this.definition = definition;
    this.owner = owner;
    this.settings = readArguments(definition.name, definition.arguments);
    this.consumers = new Consumers(this.settings.singleActiveConsumer);
    this.#around = around;
    this.#lines = Array.from({ length: (this.settings.maxPriority ?? 0) + 1 }, (_, priority) =>
      this.#newLine(priority, 0),
    );
    this.#unused = new Deadline(() => around.expired(this));
    this.used();
  }

  get name(): string {
    return this.definition.name;
  }

  get ready(): number {
    return this.#lines.reduce((sum, line) => sum + line.length, 0);
  }

  /** Those ready that are in memory. */
  held(): Entry[] {
    return this.#lines.flatMap((line) => line.held());
  }

  /** Takes over what the disk had of it at the start. */
  recover(priority: number, messages: number, bytes: number): void {
    this.#lines[priority] = this.#newLine(priority, messages);
    this.readyBytes += bytes;
    this.#watchHead();
  }

  /** Somebody has: it does not expire for a while. */
  used(): void {
    const { expiresMs } = this.settings;
    if (expiresMs !== null) this.#unused.set(this.consumers.all.length > 0 ? null : Date.now() + expiresMs);
  }

  /** Takes a message in; false where it is full and refuses what is published. */
  publish(content: Content, { persistent, priority, expirationMs }: Arrival): boolean {
    const { overflow } = this.settings;
    if (overflow !== 'drop-head' && this.#exceeds(1, content.body.length)) {
      if (overflow === 'reject-publish-dlx') this.#die(content, 'maxlen');
      return false;
    }
    this.counters.publish++;
    const now = Date.now();
    const ttl = Math.min(expirationMs ?? Infinity, this.settings.messageTtlMs ?? Infinity);
    const entry: Entry = {
      id: this.#around.store.nextId(),
      ...{ content: null, bytes: content.body.length, redelivered: false, stored: false },
      priority: Math.min(priority, this.settings.maxPriority ?? 0),
      expiresAt: ttl === Infinity ? null : now + ttl,
    };
    if (persistent && this.definition.durable) this.#around.store.insert(entry, content, this.id, true);
    this.#enter(entry, content);
    this.dispatch(now);
    this.#dropExcess();
    return true;
  }

  /** Hands the next message over, for basic.get; false where there is none. */
  get(noAck: boolean, deliver: (entry: Entry) => void): boolean {
    this.used();
    const entry = this.#take(Date.now());
    if (!entry) {
      this.#count('get_empty');
      return false;
    }
    this.#count(noAck ? 'get_no_ack' : 'get');
    this.#handOver(entry, noAck, deliver);
    this.#watchHead();
    return true;
  }

  subscribe(consumer: Consumer): void {
    this.consumers.add(consumer);
    this.hadConsumer = true;
    this.used();
  }

  unsubscribe(consumer: Consumer): void {
    this.consumers.remove(consumer);
    this.used();
    this.dispatch();
  }

  /**
   * Delivers for as long as there are messages, and consumers that take them.
   *
   * @param now what expires then has not expired yet: an expiration of 0 is for who is there at once
   */
  dispatch(now = Date.now()): void {
    if (this.#deleted) return;
    while (this.ready > 0) {
      const consumer = this.consumers.next();
      const entry = consumer && this.#take(now);
      if (!entry) break;
      this.#count(consumer.noAck ? 'deliver_no_ack' : 'deliver');
      this.#handOver(entry, consumer.noAck, (taken) => consumer.deliver(taken));
    }
    this.#watchHead();
  }

  /** A delivery is done with. */
  acknowledge(entry: Entry): void {
    this.#count('ack');
    this.unacknowledged--;
    this.#forget(entry);
  }

  /** A delivery was not wanted, and does not come back. */
  reject(entry: Entry): void {
    this.unacknowledged--;
    if (this.#deleted) this.#forget(entry);
    else this.#dieOf(entry, 'rejected');
  }

  /** Puts deliveries back to where they were, for the next `dispatch`. */
  requeue(entries: Entry[]): void {
    this.unacknowledged -= entries.length;
    if (this.#deleted) return entries.forEach((entry) => this.#forget(entry));
    for (const entry of entries) {
      entry.redelivered = true;
      this.readyBytes += entry.bytes;
    }
    for (const [priority, line] of this.#lines.entries()) {
      // They are in the order in which they were delivered, which is another where some had been before.
      const back = entries.filter((entry) => entry.priority === priority).sort((a, b) => a.id - b.id);
      if (back.length > 0) line.insert(back);
    }
  }

  /** Drops what is ready; answers how many that were. */
  purge(): number {
    const { ready } = this;
    const kept = this.unacknowledged > 0;
    for (const line of this.#lines) {
      // What is delivered stays on the disk, so they go one by one then.
      for (let entry = kept && line.shift(); entry; entry = line.shift()) this.#forget(entry);
      for (const entry of line.clear()) this.#forget(entry);
    }
    if (!kept) this.#around.store.removeAll(this.id);
    this.readyBytes = 0;
    this.#watchHead();
    return ready;
  }

  /** Drops everything, and tells its consumers. */
  delete(): void {
    this.#deleted = true;
    for (const line of this.#lines) for (const entry of line.clear()) this.#forget(entry);
    this.#around.store.removeAll(this.id);
    this.#headExpiry.set(null);
    this.#unused.set(null);
    for (const consumer of this.consumers.all) consumer.cancelled();
  }

  /** To its line in memory, or where there is no room to the disk alone. */
  #enter(entry: Entry, content: Content): void {
    const { memory, store } = this.#around;
    const line = this.#lines[entry.priority]!;
    this.readyBytes += entry.bytes;
    if (!line.hasTail && line.inMemory < limits.messagesInMemory && memory.hasRoomFor(content)) {
      entry.content = content;
      memory.add(content);
      line.push(entry);
      return;
    }
    if (!entry.stored) store.insert(entry, content, this.id, false);
    line.pushToDisk();
  }

  /** The next that has not expired, with its content. */
  #take(now: number): Entry | undefined {
    for (;;) {
      const entry = this.#shift();
      if (!entry || entry.expiresAt === null || entry.expiresAt >= now) return entry;
      this.#dieOf(entry, 'expired');
    }
  }

  #shift(): Entry | undefined {
    const entry = this.#lines.findLast(({ length }) => length > 0)?.shift();
    if (!entry) return undefined;
    this.readyBytes -= entry.bytes;
    if (!entry.content) {
      this.#around.store.read(entry);
      this.#around.memory.add(entry.content!);
    }
    return entry;
  }

  #handOver(entry: Entry, noAck: boolean, deliver: (entry: Entry) => void): void {
    if (entry.redelivered) this.#count('redeliver');
    if (!noAck) this.unacknowledged++;
    deliver(entry);
    if (noAck) this.#forget(entry);
    else if (this.#around.memory.isFull) this.#leaveToDisk(entry);
  }

  #leaveToDisk(entry: Entry): void {
    const { memory, store } = this.#around;
    if (!entry.content) return;
    if (!entry.stored) store.insert(entry, entry.content, this.id, false);
    memory.remove(entry.content);
    entry.content = null;
  }

  #forget(entry: Entry): void {
    this.#around.store.remove(entry);
    if (entry.content) this.#around.memory.remove(entry.content);
    entry.content = null;
  }

  #dieOf(entry: Entry, reason: DeathReason): void {
    if (this.settings.deadLetterExchange !== null) {
      if (!entry.content) {
        this.#around.store.read(entry);
        this.#around.memory.add(entry.content!);
      }
      this.#die(entry.content!, reason);
    }
    this.#forget(entry);
  }

  #die(content: Content, reason: DeathReason): void {
    if (this.settings.deadLetterExchange !== null) this.#around.deadLetter(this, content, reason);
  }

  #exceeds(more: number, bytes: number): boolean {
    return this.ready + more > this.settings.maxLength || this.readyBytes + bytes > this.settings.maxLengthBytes;
  }

  #dropExcess(): void {
    while (this.settings.overflow === 'drop-head' && this.#exceeds(0, 0)) {
      const entry = this.#shift();
      if (!entry) return;
      this.#dieOf(entry, 'maxlen');
    }
    this.#watchHead();
  }

  /** Messages expire at the head alone: those behind it wait until they are there, as in RabbitMQ's classic queues. */
  #watchHead(): void {
    const head = this.#lines.findLast(({ length }) => length > 0)?.peek();
    this.#headExpiry.set(head?.expiresAt ?? null);
  }

  #expireHead(): void {
    const now = Date.now();
    for (;;) {
      const head = this.#lines.findLast(({ length }) => length > 0)?.peek();
      if (head?.expiresAt == null || head.expiresAt > now) break;
      this.#dieOf(this.#shift()!, 'expired');
    }
    this.#watchHead();
  }

  #newLine(priority: number, onDisk: number): ReadyLine {
    const { store, memory } = this.#around;
    const load = (after: number) => {
      const entries = store.load(this.id, priority, after, loadBytes, loadMessages);
      for (const { content } of entries) memory.add(content!);
      return entries;
    };
    return new ReadyLine({ load }, onDisk);
  }

  #count(what: 'deliver' | 'deliver_no_ack' | 'get' | 'get_no_ack' | 'get_empty' | 'redeliver' | 'ack'): void {
    this.counters[what]++;
    this.#around.counters[what]++;
  }
}

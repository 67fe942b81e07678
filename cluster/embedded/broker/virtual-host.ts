import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { newCounters } from './counters.ts';
import type { BindingDefinition, ExchangeDefinition, QueueDefinition } from './definitions.ts';
import { Exchange } from './exchanges/exchange.ts';
import { limits } from './limits.ts';
import { expirationOf, readProperties, type Content } from './message.ts';
import type { Properties, Table } from './protocol/codec.ts';
import { ReplyError } from './protocol/reply-error.ts';
import { knownArguments, readArguments } from './queue/arguments.ts';
import { ContentMemory } from './queue/content-memory.ts';
import { deadLetter, goesInACircle, type DeathReason } from './queue/dead-letter.ts';
import { Queue } from './queue/queue.ts';
import { Routing } from './routing.ts';
import type { DefinitionStore } from './store/definitions.ts';
import type { MessageStore } from './store/message-store.ts';

/** What became of a message that was published. */
export type Outcome = 'routed' | 'unroutable' | 'refused';

/** Those that every virtual host has from the beginning. */
const predeclared = Object.entries({
  ...{ '': 'direct', 'amq.direct': 'direct', 'amq.fanout': 'fanout', 'amq.topic': 'topic' },
  ...{ 'amq.headers': 'headers', 'amq.match': 'headers' },
});

/** Exchanges, queues and bindings under one name, by the rules of the protocol: errors are ReplyErrors with its codes. */
export class VirtualHost {
  readonly name: string;
  readonly exchanges = new Map<string, Exchange>();
  readonly queues = new Map<string, Queue>();
  readonly counters = newCounters();
  readonly memory = new ContentMemory(limits.messageMemoryBytes);
  readonly messages: MessageStore;
  readonly #definitions: DefinitionStore;
  readonly #routing = new Routing(this.exchanges, this.queues);
  #lastQueueId = 0;

  /** Begins with what the stores have. */
  constructor(name: string, definitions: DefinitionStore, messages: MessageStore) {
    this.name = name;
    this.messages = messages;
    this.#definitions = definitions;
    for (const [exchange, type] of predeclared) {
      const kept = { durable: true, autoDelete: false, internal: false, arguments: {} };
      this.exchanges.set(exchange, new Exchange({ name: exchange, type, ...kept }));
    }
    for (const exchange of definitions.exchanges()) this.exchanges.set(exchange.name, new Exchange(exchange));
    for (const { id, ...definition } of definitions.queues()) this.#addQueue(id, definition, null);
    for (const binding of definitions.bindings()) {
      this.exchanges.get(binding.source)?.bindings.set(JSON.stringify(binding), binding);
    }
    const byId = new Map([...this.queues.values()].map((queue) => [queue.id, queue]));
    for (const { queue, priority, messages, bytes } of this.messages.backlogs()) {
      byId.get(queue)!.recover(priority, messages, bytes);
    }
  }

  /** Throws ReplyError NOT_FOUND. */
  exchange(name: string): Exchange {
    const exchange = this.exchanges.get(name);
    if (!exchange) throw new ReplyError('NOT_FOUND', `no exchange '${name}' in vhost '${this.name}'`);
    return exchange;
  }

  /** @param asker a queue that is another's alone is locked for it (RESOURCE_LOCKED) */
  queue(name: string, asker: object): Queue {
    const queue = this.queues.get(name);
    if (!queue) throw new ReplyError('NOT_FOUND', `no queue '${name}' in vhost '${this.name}'`);
    if (queue.owner === null || queue.owner === asker) return queue;
    throw new ReplyError(
      'RESOURCE_LOCKED',
      `cannot obtain exclusive access to locked queue '${name}' in vhost '${this.name}'`,
    );
  }

  declareExchange(definition: ExchangeDefinition): void {
    const there = this.exchanges.get(definition.name);
    if (there)
      return this.#refuseDifferent(`exchange '${definition.name}'`, there.definition, definition, [
        'alternate-exchange',
      ]);
    refuseReserved('exchange', definition.name);
    refuseMore('exchanges', this.exchanges.size, limits.exchanges);
    const exchange = new Exchange(definition);
    if (definition.durable) this.#definitions.saveExchange(definition);
    this.exchanges.set(definition.name, exchange);
    this.#routing.changed();
  }

  deleteExchange(name: string, ifUnused: boolean): void {
    const exchange = this.exchanges.get(name);
    if (!exchange) return; // deleting is idempotent in RabbitMQ
    refuseReserved('exchange', name);
    if (ifUnused && exchange.bindings.size > 0) {
      throw new ReplyError('PRECONDITION_FAILED', `exchange '${name}' in vhost '${this.name}' in use`);
    }
    for (const binding of exchange.bindings.values()) this.#removeBinding(binding);
    this.#removeBindingsTo('exchange', name);
    this.exchanges.delete(name);
    if (exchange.definition.durable) this.#definitions.removeExchange(name);
    this.#routing.changed();
  }

  /** @param asker the connection; owns the queue if it is exclusive. An empty name has one made up. */
  declareQueue(given: QueueDefinition, asker: object): Queue {
    const there = given.name !== '' && this.queues.has(given.name) && this.queue(given.name, asker);
    if (there) {
      this.#refuseDifferent(`queue '${given.name}'`, there.definition, given, knownArguments);
      return there;
    }
    refuseReserved('queue', given.name);
    refuseMore('queues', this.queues.size, limits.queues);
    const name = given.name || `amq.gen-${randomBytes(16).toString('base64url')}`;
    const [id, definition] = [this.#lastQueueId + 1, { ...given, name }];
    readArguments(name, given.arguments); // so that none is saved that cannot be
    // First, or one that the disk refuses would be there all the same. An exclusive queue ends with its connection, and with the broker.
    if (given.durable && !given.exclusive) this.#definitions.saveQueue(id, definition);
    return this.#addQueue(id, definition, given.exclusive ? asker : null);
  }

  /** Answers how many messages it held. */
  deleteQueue(name: string, asker: object, { ifUnused, ifEmpty }: { ifUnused: boolean; ifEmpty: boolean }): number {
    if (!this.queues.has(name)) return 0; // deleting is idempotent in RabbitMQ
    const queue = this.queue(name, asker);
    if (ifUnused && queue.consumers.all.length > 0) {
      throw new ReplyError('PRECONDITION_FAILED', `queue '${name}' in vhost '${this.name}' in use`);
    }
    if (ifEmpty && queue.ready > 0) {
      throw new ReplyError('PRECONDITION_FAILED', `queue '${name}' in vhost '${this.name}' is not empty`);
    }
    const { ready } = queue;
    this.removeQueue(queue);
    return ready;
  }

  removeQueue(queue: Queue): void {
    this.queues.delete(queue.name);
    this.#routing.changed();
    if (queue.definition.durable) this.#definitions.removeQueue(queue.name);
    this.#removeBindingsTo('queue', queue.name);
    queue.delete();
  }

  bind(binding: BindingDefinition, asker: object): void {
    const { source, destination } = this.#endsOf(binding, asker);
    const key = JSON.stringify(binding);
    if (source.bindings.has(key)) return;
    const all = [...this.exchanges.values()].reduce((sum, { bindings }) => sum + bindings.size, 0);
    refuseMore('bindings', all, limits.bindings);
    if (source.definition.durable && destination.definition.durable && !('owner' in destination && destination.owner)) {
      this.#definitions.saveBinding(binding);
    }
    source.bindings.set(key, binding);
    this.#routing.changed();
  }

  unbind(binding: BindingDefinition, asker: object): void {
    const { source } = this.#endsOf(binding, asker);
    const there = source.bindings.get(JSON.stringify(binding));
    if (there) this.#removeBinding(there);
  }

  /**
   * Routes a message to its queues. `refused`: one of them is full and takes no more. The exchange is the one that the content names.
   *
   * @param circle whether it must not go to that queue again
   */
  publish(content: Content, properties: Properties, circle?: (queue: string) => boolean): Outcome {
    const exchange = this.exchange(content.exchange);
    const arrival = {
      persistent: properties.deliveryMode === 2,
      priority: properties.priority ?? 0,
      expirationMs: expirationOf(properties),
    };
    let queues = this.#routing.queuesFor(exchange, content.routingKey, properties.headers ?? {});
    if (circle) queues = queues.filter(({ name }) => !circle(name));
    if (queues.length === 0) return 'unroutable';
    let outcome: Outcome = 'routed';
    for (const queue of queues) if (!queue.publish(content, arrival)) outcome = 'refused';
    return outcome;
  }

  /** Leaves everything durable on the disk. */
  close(): void {
    const held = [...this.queues.values()].flatMap((queue) => queue.held());
    this.messages.close(held.filter(({ stored, redelivered }) => stored && redelivered));
  }

  #addQueue(id: number, definition: QueueDefinition, owner: object | null): Queue {
    const queue = new Queue(id, definition, owner, {
      store: this.messages,
      memory: this.memory,
      counters: this.counters,
      deadLetter: (from, content, reason) => this.#deadLetter(from, content, reason),
      expired: (unused) => this.removeQueue(unused),
    });
    this.#lastQueueId = Math.max(this.#lastQueueId, id);
    this.queues.set(definition.name, queue);
    this.#routing.changed();
    return queue;
  }

  #deadLetter({ name, settings }: Queue, content: Content, reason: DeathReason): void {
    const exchange = settings.deadLetterExchange!;
    if (!this.exchanges.has(exchange)) return; // as RabbitMQ: it may come later, until then they are lost
    const routingKey = settings.deadLetterRoutingKey ?? content.routingKey;
    const dead = deadLetter(content, { queue: name, reason, exchange, routingKey });
    this.publish(dead.content, readProperties(dead.content.properties), (queue) => goesInACircle(dead.deaths, queue));
  }

  #endsOf(
    { source, kind, destination }: BindingDefinition,
    asker: object,
  ): { source: Exchange; destination: Exchange | Queue } {
    if (source === '' || (kind === 'exchange' && destination === '')) {
      throw new ReplyError('ACCESS_REFUSED', 'operation not permitted on the default exchange');
    }
    const to = kind === 'queue' ? this.queue(destination, asker) : this.exchange(destination);
    return { source: this.exchange(source), destination: to };
  }

  #removeBindingsTo(kind: BindingDefinition['kind'], name: string): void {
    for (const { bindings } of [...this.exchanges.values()]) {
      for (const binding of [...bindings.values()]) {
        if (binding.kind === kind && binding.destination === name) this.#removeBinding(binding);
      }
    }
  }

  #removeBinding(binding: BindingDefinition): void {
    const source = this.exchanges.get(binding.source);
    source?.bindings.delete(JSON.stringify(binding));
    this.#definitions.removeBinding(binding);
    this.#routing.changed();
    if (source?.definition.autoDelete && source.bindings.size === 0) this.deleteExchange(source.name, false);
  }

  #refuseDifferent<T extends { arguments: Table }>(what: string, there: T, given: T, known: string[]): void {
    const compare = (name: string, current: unknown, received: unknown) => {
      if (isDeepStrictEqual(current, received)) return;
      const values = `received '${JSON.stringify(received)}' but current is '${JSON.stringify(current)}'`;
      throw new ReplyError(
        'PRECONDITION_FAILED',
        `inequivalent arg '${name}' for ${what} in vhost '${this.name}': ${values}`,
      );
    };
    for (const name of Object.keys(given) as (keyof T & string)[]) {
      if (name !== 'arguments') compare(name, there[name], given[name]);
    }
    for (const name of known) compare(name, there.arguments[name], given.arguments[name]);
  }
}

function refuseReserved(what: string, name: string): void {
  if (what === 'exchange' && name === '') {
    throw new ReplyError('ACCESS_REFUSED', 'operation not permitted on the default exchange');
  }
  if (name.startsWith('amq.')) {
    throw new ReplyError('ACCESS_REFUSED', `${what} name '${name}' contains reserved prefix 'amq.*'`);
  }
}

function refuseMore(what: string, there: number, most: number): void {
  if (there >= most)
    throw new ReplyError('PRECONDITION_FAILED', `there are ${there} ${what} already, and no more than ${most}`);
}

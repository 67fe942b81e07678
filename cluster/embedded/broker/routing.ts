import type { Exchange } from './exchanges/exchange.ts';
import type { Table } from './protocol/codec.ts';
import type { Queue } from './queue/queue.ts';

/** Routes remembered at once. */
const remembered = 10_000;

/** Finds the queues of a message, through exchanges that are bound to each other. */
export class Routing {
  readonly #exchanges: Map<string, Exchange>;
  readonly #queues: Map<string, Queue>;
  #known = new Map<string, Queue[]>();

  constructor(exchanges: Map<string, Exchange>, queues: Map<string, Queue>) {
    this.#exchanges = exchanges;
    this.#queues = queues;
  }

  /** An exchange, a queue or a binding has come or gone. */
  changed(): void {
    this.#known.clear();
  }

  /** Each queue once. */
  queuesFor(exchange: Exchange, routingKey: string, headers: Table): Queue[] {
    const name = `${exchange.name}\0${routingKey}`;
    const known = this.#known.get(name);
    if (known) return known;
    const search = { visited: new Set<Exchange>(), queues: new Set<Queue>() };
    this.#follow(exchange, routingKey, headers, search);
    const queues = [...search.queues];
    if (![...search.visited].some(({ type }) => type.readsHeaders)) {
      if (this.#known.size >= remembered) this.#known.clear();
      this.#known.set(name, queues);
    }
    return queues;
  }

  #follow(
    exchange: Exchange,
    routingKey: string,
    headers: Table,
    search: { visited: Set<Exchange>; queues: Set<Queue> },
  ): void {
    if (search.visited.has(exchange)) return;
    search.visited.add(exchange);
    const found = this.#destinations(exchange, routingKey, headers);
    const alternate = found.length === 0 && exchange.alternate !== null && this.#exchanges.get(exchange.alternate);
    if (alternate) found.push(alternate);
    for (const destination of found) {
      if ('type' in destination) this.#follow(destination, routingKey, headers, search);
      else search.queues.add(destination);
    }
  }

  #destinations(exchange: Exchange, routingKey: string, headers: Table): (Exchange | Queue)[] {
    // Every queue is bound to the default exchange by its name.
    if (exchange.name === '') return [this.#queues.get(routingKey)].filter((queue) => queue !== undefined);
    return exchange
      .matching(routingKey, headers)
      .map(({ kind, destination }) => (kind === 'queue' ? this.#queues : this.#exchanges).get(destination))
      .filter((destination) => destination !== undefined);
  }
}

import type { Table } from './protocol/codec.ts';

/** What exchange.declare says. */
export interface ExchangeDefinition {
  name: string;
  type: string;
  durable: boolean;
  autoDelete: boolean;
  /** Clients cannot publish to it. */
  internal: boolean;
  arguments: Table;
}

/** What queue.declare says, but for the connection that an exclusive one belongs to. */
export interface QueueDefinition {
  name: string;
  durable: boolean;
  exclusive: boolean;
  autoDelete: boolean;
  arguments: Table;
}

/** A queue, or an exchange, gets what a source routes by this key and these arguments. */
export interface BindingDefinition {
  source: string;
  kind: 'queue' | 'exchange';
  destination: string;
  routingKey: string;
  arguments: Table;
}

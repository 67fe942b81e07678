import type { Table } from '../protocol/codec.ts';

/** How an exchange finds out which of its bindings a message matches. */
export interface ExchangeType {
  name: string;
  /** It looks at the message's headers, so what it found for a key is of no use for the next message. */
  readsHeaders?: true;
  matches(binding: { routingKey: string; arguments: Table }, routingKey: string, headers: Table): boolean;
}

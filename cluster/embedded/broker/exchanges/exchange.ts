import type { BindingDefinition, ExchangeDefinition } from '../definitions.ts';
import type { Table } from '../protocol/codec.ts';
import { ReplyError } from '../protocol/reply-error.ts';
import { exchangeTypes } from './index.ts';
import type { ExchangeType } from './exchange-type.ts';

/** Where messages are published to, and its bindings. */
export class Exchange {
  readonly definition: ExchangeDefinition;
  readonly type: ExchangeType;
  /** By their definition as JSON: a binding that is there already is the same one. */
  readonly bindings = new Map<string, BindingDefinition>();

  /** Throws ReplyError COMMAND_INVALID for a type that there is not. */
  constructor(definition: ExchangeDefinition) {
    const type = exchangeTypes.find(({ name }) => name === definition.type);
    if (!type) throw new ReplyError('COMMAND_INVALID', `unknown exchange type '${definition.type}'`);
    this.definition = definition;
    this.type = type;
  }

  get name(): string {
    return this.definition.name;
  }

  /** Where unroutable messages go; null for nowhere. */
  get alternate(): string | null {
    const name = this.definition.arguments['alternate-exchange'];
    return typeof name === 'string' ? name : null;
  }

  matching(routingKey: string, headers: Table): BindingDefinition[] {
    return [...this.bindings.values()].filter((binding) => this.type.matches(binding, routingKey, headers));
  }
}

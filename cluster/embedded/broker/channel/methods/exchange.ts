import { methodId, type Table } from '../../protocol/codec.ts';
import type { BindingDefinition } from '../../definitions.ts';
import type { Methods } from './method.ts';

interface Declare {
  exchange: string;
  type: string;
  passive: boolean;
  durable: boolean;
  autoDelete: boolean;
  internal: boolean;
  nowait: boolean;
  arguments: Table;
}

interface Bind {
  destination: string;
  source: string;
  routingKey: string;
  nowait: boolean;
  arguments: Table;
}

const ok = {
  declare: methodId('ExchangeDeclareOk'),
  delete: methodId('ExchangeDeleteOk'),
  bind: methodId('ExchangeBindOk'),
  unbind: methodId('ExchangeUnbindOk'),
};

export const exchangeMethods: Methods = {
  ExchangeDeclare(channel, { exchange: name, passive, nowait, ...given }: Declare) {
    const { type, durable, autoDelete, internal } = given;
    if (passive) channel.host.exchange(name);
    else channel.host.declareExchange({ name, type, durable, autoDelete, internal, arguments: given.arguments });
    if (!nowait) channel.send(ok.declare);
  },

  ExchangeDelete(channel, { exchange, ifUnused, nowait }: { exchange: string; ifUnused: boolean; nowait: boolean }) {
    channel.host.deleteExchange(exchange, ifUnused);
    if (!nowait) channel.send(ok.delete);
  },

  ExchangeBind(channel, fields: Bind) {
    channel.host.bind(bindingOf(fields), channel.connection);
    if (!fields.nowait) channel.send(ok.bind);
  },

  ExchangeUnbind(channel, fields: Bind) {
    channel.host.unbind(bindingOf(fields), channel.connection);
    if (!fields.nowait) channel.send(ok.unbind);
  },
};

function bindingOf({ source, destination, routingKey, arguments: given }: Bind): BindingDefinition {
  return { source, kind: 'exchange', destination, routingKey, arguments: given };
}

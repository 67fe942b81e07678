import { methodId, type Table } from '../../protocol/codec.ts';
import type { BindingDefinition } from '../../definitions.ts';
import type { Channel } from '../channel.ts';
import type { Methods } from './method.ts';

interface Declare {
  queue: string;
  passive: boolean;
  durable: boolean;
  exclusive: boolean;
  autoDelete: boolean;
  nowait: boolean;
  arguments: Table;
}

interface Bind {
  queue: string;
  exchange: string;
  routingKey: string;
  nowait?: boolean;
  arguments: Table;
}

const ok = {
  declare: methodId('QueueDeclareOk'),
  bind: methodId('QueueBindOk'),
  unbind: methodId('QueueUnbindOk'),
  purge: methodId('QueuePurgeOk'),
  delete: methodId('QueueDeleteOk'),
};

export const queueMethods: Methods = {
  QueueDeclare(channel, { queue: name, passive, nowait, ...given }: Declare) {
    const { durable, exclusive, autoDelete } = given;
    const queue = passive
      ? channel.host.queue(name, channel.connection)
      : channel.host.declareQueue(
          { name, durable, exclusive, autoDelete, arguments: given.arguments },
          channel.connection,
        );
    queue.used();
    channel.lastQueue = queue.name;
    const counts = { messageCount: queue.ready, consumerCount: queue.consumers.all.length };
    if (!nowait) channel.send(ok.declare, { queue: queue.name, ...counts });
  },

  QueueBind(channel, fields: Bind) {
    channel.host.bind(bindingOf(channel, fields), channel.connection);
    if (!fields.nowait) channel.send(ok.bind);
  },

  QueueUnbind(channel, fields: Bind) {
    channel.host.unbind(bindingOf(channel, fields), channel.connection);
    channel.send(ok.unbind);
  },

  QueuePurge(channel, { queue, nowait }: { queue: string; nowait: boolean }) {
    const messageCount = channel.queue(queue).purge();
    if (!nowait) channel.send(ok.purge, { messageCount });
  },

  QueueDelete(channel, fields: { queue: string; ifUnused: boolean; ifEmpty: boolean; nowait: boolean }) {
    const messageCount = channel.host.deleteQueue(channel.queueName(fields.queue), channel.connection, fields);
    if (!fields.nowait) channel.send(ok.delete, { messageCount });
  },
};

/** With an empty queue and an empty key, the key is the name of the queue declared last (AMQP 0-9-1, queue.bind). */
function bindingOf(channel: Channel, { queue, exchange, routingKey, arguments: given }: Bind): BindingDefinition {
  const destination = channel.queueName(queue);
  const key = queue === '' && routingKey === '' ? destination : routingKey;
  return { source: exchange, kind: 'queue', destination, routingKey: key, arguments: given };
}

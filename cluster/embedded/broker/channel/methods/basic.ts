import { randomBytes } from 'node:crypto';
import { limits } from '../../limits.ts';
import { methodId, type Table } from '../../protocol/codec.ts';
import { ReplyError } from '../../protocol/reply-error.ts';
import { Subscription } from '../subscription.ts';
import type { Methods } from './method.ts';

interface Consume {
  queue: string;
  consumerTag: string;
  noLocal: boolean;
  noAck: boolean;
  exclusive: boolean;
  nowait: boolean;
  arguments: Table;
}

const ids = {
  qosOk: methodId('BasicQosOk'),
  consumeOk: methodId('BasicConsumeOk'),
  cancelOk: methodId('BasicCancelOk'),
  getEmpty: methodId('BasicGetEmpty'),
  recoverOk: methodId('BasicRecoverOk'),
};

export const basicMethods: Methods = {
  BasicQos(channel, fields: { prefetchSize: number; prefetchCount: number; global: boolean }) {
    if (fields.prefetchSize !== 0) {
      throw new ReplyError('NOT_IMPLEMENTED', `prefetch_size!=0 (${fields.prefetchSize})`);
    }
    // RabbitMQ's reading of `global`: for the channel, in place of each consumer to come (rabbitmq.com/docs/consumer-prefetch).
    channel[fields.global ? 'sharedPrefetch' : 'prefetch'] = fields.prefetchCount;
    channel.send(ids.qosOk);
    for (const { queue } of channel.consumers.values()) queue.dispatch();
  },

  BasicConsume(channel, { queue: name, consumerTag, noAck, exclusive, nowait, arguments: given }: Consume) {
    const queue = channel.queue(name);
    const tag = consumerTag || `amq.ctag-${randomBytes(16).toString('base64url')}`;
    if (channel.consumers.has(tag)) throw new ReplyError('NOT_ALLOWED', `attempt to reuse consumer tag '${tag}'`);
    if (channel.consumers.size >= limits.consumersPerChannel) {
      throw new ReplyError('PRECONDITION_FAILED', `this channel has ${channel.consumers.size} consumers, and no more`);
    }
    const others = queue.consumers.all;
    if (others.some((other) => other.exclusive) || (exclusive && others.length > 0)) {
      throw new ReplyError('ACCESS_REFUSED', `queue '${queue.name}' in vhost '${channel.host.name}' in exclusive use`);
    }
    const priority = given['x-priority'] ?? 0;
    if (!Number.isInteger(priority)) {
      throw new ReplyError('PRECONDITION_FAILED', `invalid arg 'x-priority': ${JSON.stringify(priority)}`);
    }
    const subscription = new Subscription(channel, queue, { tag, noAck, exclusive, priority: priority as number });
    channel.consumers.set(tag, subscription);
    if (!nowait) channel.send(ids.consumeOk, { consumerTag: tag });
    queue.subscribe(subscription);
    queue.dispatch();
  },

  BasicCancel(channel, { consumerTag, nowait }: { consumerTag: string; nowait: boolean }) {
    const subscription = channel.consumers.get(consumerTag);
    if (subscription) channel.unsubscribe(subscription);
    if (!nowait) channel.send(ids.cancelOk, { consumerTag });
  },

  BasicGet(channel, { queue: name, noAck }: { queue: string; noAck: boolean }) {
    const queue = channel.queue(name);
    if (!noAck && channel.unacknowledged.size >= limits.unackedPerChannel) {
      throw new ReplyError(
        'PRECONDITION_FAILED',
        `this channel has ${channel.unacknowledged.size} unacknowledged deliveries`,
      );
    }
    if (!queue.get(noAck, (entry) => channel.give(queue, entry, noAck))) channel.send(ids.getEmpty);
  },

  BasicAck(channel, { deliveryTag, multiple }: { deliveryTag: number; multiple: boolean }) {
    channel.settle(channel.unacknowledged.take(deliveryTag, multiple), 'ack');
  },

  BasicReject(channel, { deliveryTag, requeue }: { deliveryTag: number; requeue: boolean }) {
    channel.settle(channel.unacknowledged.take(deliveryTag, false), requeue ? 'requeue' : 'reject');
  },

  BasicNack(channel, fields: { deliveryTag: number; multiple: boolean; requeue: boolean }) {
    const taken = channel.unacknowledged.take(fields.deliveryTag, fields.multiple);
    channel.settle(taken, fields.requeue ? 'requeue' : 'reject');
  },

  BasicRecover(channel, { requeue }: { requeue: boolean }) {
    if (!requeue) throw new ReplyError('NOT_IMPLEMENTED', 'requeue=false');
    channel.settle(channel.unacknowledged.takeAll(), 'requeue');
    channel.send(ids.recoverOk);
  },
};

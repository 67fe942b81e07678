import type { Channel } from 'amqplib';

/** Where events are published: a topic exchange, so that who publishes does not know who listens. */
export const exchange = 'shop.events';

/** Each queue belongs to one service, and has its name; the routing keys are names of events. */
export const queues = {
  payments: ['order.accepted'],
  orders: ['payment.charged', 'payment.failed'],
  notifications: ['payment.charged'],
} as const satisfies Record<string, readonly string[]>;

export type QueueName = keyof typeof queues;

/** Where a refused message waits before it is delivered again, and where it ends up when it was refused too often. */
export const retryQueue = (queue: QueueName) => `${queue}.retry`;
export const deadQueue = (queue: QueueName) => `${queue}.dead`;

/** What a queue takes at most: beyond that it refuses what is published, and the publisher hears of it. */
const mostMessages = 100_000;
/** A dead-letter queue that nobody empties keeps the newest. */
const mostDead = 10_000;

/**
 * Declares every exchange and queue there is, whoever starts first: an event that is published before its consumer has ever run
 * must find the queue. A queue's arguments cannot be changed afterwards, so they are the same whatever pattern is chosen: a message that is
 * refused without requeue goes to the retry queue, and from there back when its time is over
 * (https://www.rabbitmq.com/docs/dlx).
 *
 * @param retryAfterMs that time; every service has the same
 */
export async function declareTopology(channel: Channel, retryAfterMs: number): Promise<void> {
  await channel.assertExchange(exchange, 'topic', { durable: true });
  for (const [name, keys] of Object.entries(queues)) {
    const queue = name as QueueName;
    await channel.assertQueue(queue, {
      durable: true,
      deadLetterExchange: '',
      deadLetterRoutingKey: retryQueue(queue),
      maxLength: mostMessages,
      arguments: { 'x-overflow': 'reject-publish' },
    });
    await channel.assertQueue(retryQueue(queue), {
      durable: true,
      deadLetterExchange: '',
      deadLetterRoutingKey: queue,
      messageTtl: retryAfterMs,
    });
    await channel.assertQueue(deadQueue(queue), { durable: true, maxLength: mostDead });
    for (const key of keys) await channel.bindQueue(queue, exchange, key);
  }
}

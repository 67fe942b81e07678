import { metrics, type Attributes } from '@opentelemetry/api';
import type { Channel, ChannelModel } from 'amqplib';
import { deadQueue, queues, retryQueue, type QueueName } from './topology.ts';

const everyMs = 500;
const meter = metrics.getMeter('shop');

/** Reports how many messages a consumer has been given and not yet acknowledged: `messaging.queue.unacked`. */
export function reportUnacked(broker: string, queue: QueueName, count: () => number): void {
  const attributes = of(broker, queue);
  const gauge = meter.createObservableGauge('messaging.queue.unacked', { unit: '{message}' });
  gauge.addCallback((result) => result.observe(count(), attributes));
}

/**
 * Reports of every queue the messages that wait in it and its consumers, `messaging.queue.depth` and `.consumers`: asked of the broker by
 * AMQP itself (a passive declare), which any broker of that protocol answers. Who publishes reports it, for a queue is watched most when its
 * consumer is away.
 */
export function queueReports(broker: string): (connection: ChannelModel) => Promise<void> {
  let latest: { queue: string; depth: number; consumers: number }[] = [];
  let timer: NodeJS.Timeout | undefined;
  const figures = { depth: '{message}', consumers: '{consumer}' } as const;
  for (const [figure, unit] of Object.entries(figures)) {
    const gauge = meter.createObservableGauge(`messaging.queue.${figure}`, { unit });
    gauge.addCallback((result) => {
      for (const each of latest) {
        result.observe(each[figure as keyof typeof figures], of(broker, each.queue));
      }
    });
  }

  return async (connection) => {
    const channel = await connection.createChannel();
    channel.on('error', () => undefined); // the next connection asks again
    clearInterval(timer);
    timer = setInterval(() => void ask(channel), everyMs).unref();
    channel.once('close', () => {
      clearInterval(timer);
      latest = [];
    });
  };

  async function ask(channel: Channel): Promise<void> {
    const names = Object.keys(queues).flatMap((name) => {
      const queue = name as QueueName;
      return [queue, retryQueue(queue), deadQueue(queue)];
    });
    try {
      const answers = await Promise.all(names.map((name) => channel.checkQueue(name)));
      latest = answers.map(({ queue, messageCount, consumerCount }) => {
        return { queue, depth: messageCount, consumers: consumerCount };
      });
    } catch {
      latest = []; // the broker is away: nobody knows
    }
  }
}

/** @param broker its address, with credentials and all */
function of(broker: string, queue: string): Attributes {
  return { 'messaging.destination.name': queue, 'server.address': new URL(broker).hostname };
}

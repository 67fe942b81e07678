import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import { withCorrelation } from '../service/correlation.ts';
import type { Environment } from '../service/environment.ts';
import type { Log } from '../service/log.ts';
import { brokerOf, type Broker } from './broker.ts';
import { parseEvent, type ShopEvent } from './events.ts';
import { reportUnacked } from './queue-gauges.ts';
import { deadQueue, type QueueName } from './topology.ts';

/** So often a message is tried before it goes to the dead-letter queue. */
const mostAttempts = 5;

interface ConsumerOptions {
  queue: QueueName;
  environment: Environment;
  log: Log;
  /** Rejects when the event could not be dealt with. `broker`: where to tell what came of it. */
  handle: (event: ShopEvent, broker: Broker) => Promise<void>;
  /** The message goes to the dead-letter queue; rejects when it must not yet. */
  onGivenUp?: (event: ShopEvent, broker: Broker) => Promise<void>;
  /** Opens what else is needed on each new connection. */
  whenConnected?: (connection: ChannelModel) => Promise<void>;
}

export interface Consumer {
  /** It consumes from when this begins. */
  broker: Broker;
  /** Takes no more messages; resolves when those in hand are dealt with. */
  stop(): Promise<void>;
}

/**
 * Handles the messages of a queue, at most PREFETCH at once. Each is acknowledged when it has been dealt with, and delivered again
 * when the process dies before that: at least once. What cannot be dealt with is, by DELIVERY,
 *
 *   requeue        put back where it was, and delivered again at once, for ever
 *   dead-letter    tried again after two seconds, five times in all; then it goes to the dead-letter queue
 */
export function consumerOf(options: ConsumerOptions): Consumer {
  const { queue, environment, log, handle, onGivenUp, whenConnected } = options;
  const prefetch = environment.integer('PREFETCH', { min: 1, max: 1_000, fallback: 16 });
  const delivery = environment.oneOf('DELIVERY', ['requeue', 'dead-letter'], 'requeue');
  const inHand = new Set<Promise<void>>();
  let open: { channel: Channel; tag: string } | undefined;
  let stopped = false;
  reportUnacked(environment.text('BROKER_URL'), queue, () => inHand.size);

  async function listen(connection: ChannelModel): Promise<void> {
    await whenConnected?.(connection);
    if (stopped) return;
    const channel = await connection.createChannel();
    channel.on('error', () => void connection.close().catch(() => undefined));
    await channel.prefetch(prefetch);
    const { consumerTag } = await channel.consume(queue, (message) => {
      // The broker has cancelled the consumer: begin anew with the connection.
      if (!message) return void connection.close().catch(() => undefined);
      const work = deal(channel, message).finally(() => inHand.delete(work));
      inHand.add(work);
    });
    open = { channel, tag: consumerTag };
  }

  /** Never rejects. */
  async function deal(channel: Channel, message: ConsumeMessage): Promise<void> {
    const { correlationId, messageId } = message.properties as { correlationId?: string; messageId?: string };
    await withCorrelation(correlationId, async () => {
      try {
        if (await isDealtWith(message)) channel.ack(message);
        else await refuse(channel, message);
      } catch (cause) {
        // The channel is gone, perhaps: then what was dealt with comes again too, but it has not failed.
        log.warn('A message is left to be delivered again', { queue, messageId, cause });
      }
    });
  }

  async function isDealtWith(message: ConsumeMessage): Promise<boolean> {
    try {
      const event = parseEvent(message.properties.type, message.content);
      if (event) await handle(event, broker);
      return true;
    } catch (error) {
      const messageId: unknown = message.properties.messageId;
      log.warn('A message was not dealt with', { queue, messageId, attempt: attemptOf(message, queue), error });
      return false;
    }
  }

  async function refuse(channel: Channel, message: ConsumeMessage): Promise<void> {
    if (delivery === 'requeue') return channel.nack(message, false, true);
    if (attemptOf(message, queue) < mostAttempts) return channel.nack(message, false, false);
    try {
      await giveUp(message);
    } catch (error) {
      channel.nack(message, false, false);
      throw error;
    }
    channel.ack(message);
  }

  async function giveUp(message: ConsumeMessage): Promise<void> {
    let event: ShopEvent | null = null;
    try {
      event = parseEvent(message.properties.type, message.content);
    } catch {
      // Nobody can be told what became of a message that says nothing.
    }
    if (event) await onGivenUp?.(event, broker);
    await broker.sendTo(deadQueue(queue), message);
    log.warn('A message went to the dead-letter queue', { queue, messageId: message.properties.messageId });
  }

  const broker = brokerOf(environment, log, listen);
  return {
    broker,
    async stop() {
      stopped = true;
      await open?.channel.cancel(open.tag).catch(() => undefined); // a connection that is gone delivers nothing
      await Promise.all(inHand);
    },
  };
}

/** The how manieth: the broker counts in `x-death` how often this queue has refused it (https://www.rabbitmq.com/docs/dlx#effects). */
function attemptOf({ properties }: ConsumeMessage, queue: string): number {
  const deaths = (properties.headers?.['x-death'] ?? []) as { queue: string; reason: string; count: number }[];
  return (deaths.find((death) => death.queue === queue && death.reason === 'rejected')?.count ?? 0) + 1;
}

import { setTimeout as delay } from 'node:timers/promises';
import {
  connect,
  type ChannelModel,
  type ConfirmChannel,
  type Message,
  type Options,
  type RecoveringChannelModel,
} from 'amqplib';
import { correlationId } from '../service/correlation.ts';
import type { Environment } from '../service/environment.ts';
import type { Log } from '../service/log.ts';
import { eventId, type ShopEvent } from './events.ts';
import { declareTopology, exchange } from './topology.ts';

/** A broker that comes back is there within seconds: a longer pause would be most of what that takes. */
const retryMs = { initialDelay: 100, maxDelay: 1_000 };
/** A broker that says nothing for twice as long is taken for gone. */
const heartbeatSeconds = 5;
const confirmWithinMs = 3_000;
/** Who is ready before it is connected loses what it is asked to publish; who waits for ever takes no orders at all. */
const waitMs = 3_000;

/** The message was not taken, or nobody knows whether it was. */
class NotPublished extends Error {
  readonly code = 'not-published';

  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'NotPublished';
  }
}

export interface Broker {
  /** Connects, and connects again whenever the connection breaks. It waits a while for the first time, and goes on without. */
  begin(): Promise<void>;
  /**
   * Tells an event: persistent, and only done once the broker has confirmed it and a queue has taken it.
   *
   * @throws NotPublished while the broker is away, after 3 s without its word, or when no queue is bound
   */
  publish(event: ShopEvent): Promise<void>;
  /** Puts a copy of a message into a queue, as safely as `publish`. */
  sendTo(queue: string, { content, properties }: Pick<Message, 'content' | 'properties'>): Promise<void>;
  close(): Promise<void>;
}

/**
 * The broker at BROKER_URL.
 *
 * @param whenConnected opens what else is needed on each new connection
 */
export function brokerOf(
  environment: Environment,
  log: Log,
  whenConnected: (connection: ChannelModel) => Promise<void> = async () => undefined,
): Broker {
  const url = `${environment.text('BROKER_URL')}?heartbeat=${heartbeatSeconds}`;
  const retryAfterMs = environment.integer('RETRY_AFTER_MS', { min: 10, max: 600_000, fallback: 2_000 });
  let connection: RecoveringChannelModel | undefined;
  let channel: ConfirmChannel | undefined;
  /** Ids of messages that came back, until the confirmation that follows them. */
  const returned = new Set<unknown>();

  async function setup(connection: ChannelModel): Promise<void> {
    connection.on('error', () => undefined); // recovery listens only once all is set up; unheard, it would end the process
    // What breaks one channel (a queue that was deleted) would leave the others at work: begin anew with all.
    const opened = await connection.createConfirmChannel();
    opened.on('error', (error) => {
      log.warn('Lost a channel to the broker', { error });
      void connection.close().catch(() => undefined);
    });
    opened.on('return', ({ properties }) => returned.add(properties.messageId));
    await declareTopology(opened, retryAfterMs);
    await whenConnected(connection);
    opened.once('close', () => (channel = undefined));
    channel = opened;
  }

  /** Resolves when the broker has it. */
  function confirmed(to: string, key: string, content: Buffer, options: Sent): Promise<void> {
    const open = channel;
    if (!open) return Promise.reject(new NotPublished('The broker is away.'));
    return new Promise((resolve, reject) => {
      const late = () => reject(new NotPublished(`The broker has not confirmed for ${confirmWithinMs} ms.`));
      const timer = setTimeout(late, confirmWithinMs);
      const id = correlationId();
      const message = { persistent: true, mandatory: true, ...(id && { correlationId: id }), ...options };
      try {
        open.publish(to, key, content, { contentType: 'application/json', ...message }, (error) => {
          clearTimeout(timer);
          // The broker returns what it cannot route before it confirms it.
          if (returned.delete(options.messageId)) reject(new NotPublished(`No queue takes ${key}.`));
          else if (error) reject(new NotPublished('The broker did not take the message.', error));
          else resolve();
        });
      } catch (error) {
        clearTimeout(timer);
        reject(new NotPublished('The connection to the broker is closing.', error));
      }
    });
  }

  return {
    async begin() {
      connection = await connect(url, { timeout: 3_000, recovery: { ...retryMs, waitForConnect: false, setup } });
      connection.on('connect', () => log.info('Connected to the broker'));
      connection.on('disconnect', (error) => log.warn('Lost the broker; it is tried again', { error }));
      connection.on('connect-failed', (error) => log.info('Waiting for the broker', { reason: String(error) }));
      connection.on('error', () => undefined); // told of by `disconnect`
      await Promise.race([connection.waitForConnect(), delay(waitMs, undefined, { ref: false })]);
    },
    publish(event) {
      const content = Buffer.from(JSON.stringify(event.body));
      return confirmed(exchange, event.name, content, { type: event.name, messageId: eventId(event) });
    },
    sendTo(queue, { content, properties: { type, messageId, headers } }) {
      return confirmed('', queue, content, { type, messageId, headers });
    },
    close: async () => connection?.close(),
  };
}

type Sent = Pick<Options.Publish, 'type' | 'messageId' | 'headers'>;

import { readProperties, writeProperties, type Content } from '../message.ts';
import type { Properties, Table } from '../protocol/codec.ts';

export type DeathReason = 'rejected' | 'expired' | 'maxlen';

/** One line of the header `x-death`. */
export interface Death {
  queue: string;
  reason: DeathReason;
  count: number;
}

export interface DeadLetter {
  content: Content;
  /** Of every queue and reason, the latest first. */
  deaths: Death[];
}

/** The content as it is published anew, with the headers by which RabbitMQ tells of its deaths (rabbitmq.com/docs/dlx#effects). */
export function deadLetter(
  content: Content,
  { queue, reason, exchange, routingKey }: { queue: string; reason: DeathReason; exchange: string; routingKey: string },
): DeadLetter {
  const properties = readProperties(content.properties);
  const headers = properties.headers ?? {};
  const before = deathsOf(headers['x-death']);
  const known = before.find((each) => each.queue === queue && each.reason === reason);
  const death = {
    ...(known ?? {
      time: { '!': 'timestamp', value: Math.floor(Date.now() / 1000) },
      exchange: content.exchange,
      'routing-keys': [content.routingKey],
      ...(properties.expiration !== undefined && { 'original-expiration': properties.expiration }),
    }),
    ...{ queue, reason, count: (known?.count ?? 0) + 1 },
  };
  const deaths: Death[] = [death, ...before.filter((each) => each !== known)];
  const first = {
    'x-first-death-exchange': content.exchange,
    'x-first-death-queue': queue,
    'x-first-death-reason': reason,
  };
  // Clients expect the count to be of 64 bits.
  const lines = deaths.map((each): Table => ({ ...each, count: { '!': 'long', value: each.count } }));
  // With its expiration it would expire again at once in the queue it goes to.
  const { expiration: _, ...kept } = properties;
  const written = rewritten(content.properties, { ...kept, headers: { ...first, ...headers, 'x-death': lines } });
  return { content: { exchange, routingKey, properties: written, body: content.body }, deaths };
}

/** Whoever publishes may write that header too, as anything. */
function deathsOf(header: unknown): Death[] {
  return Array.isArray(header) ? header.filter(isDeath) : [];
}

function isDeath(line: unknown): line is Death {
  const { queue, reason, count } = (line ?? {}) as Partial<Death>;
  return typeof queue === 'string' && typeof reason === 'string' && Number.isSafeInteger(count);
}

/** Those as they came where the codec cannot write them: more than 64 KiB of headers, a NaN among them. The message counts for more. */
function rewritten(before: Buffer, properties: Properties): Buffer {
  try {
    return writeProperties(properties);
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return before;
    throw error;
  }
}

/** Whether it has been in that queue before, and nobody rejected it on its way round: it would go round for ever. */
export function goesInACircle(deaths: Death[], queue: string): boolean {
  const last = deaths.findIndex((death) => death.queue === queue);
  return last >= 0 && !deaths.slice(0, last + 1).some(({ reason }) => reason === 'rejected');
}

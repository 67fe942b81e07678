import type { Table } from '../protocol/codec.ts';
import { ReplyError } from '../protocol/reply-error.ts';

/** What of a queue's arguments is honoured, read; the others are kept and do nothing, as in RabbitMQ. */
export interface QueueSettings {
  /** Milliseconds a message may wait; null for ever. */
  messageTtlMs: number | null;
  /** Milliseconds the queue may be unused before it goes. */
  expiresMs: number | null;
  maxLength: number;
  maxLengthBytes: number;
  overflow: 'drop-head' | 'reject-publish' | 'reject-publish-dlx';
  deadLetterExchange: string | null;
  /** Null keeps the message's own. */
  deadLetterRoutingKey: string | null;
  /** Null: the priority of messages does not matter. */
  maxPriority: number | null;
  singleActiveConsumer: boolean;
}

type Check = (value: unknown) => boolean;

const number =
  (least: number, most: number): Check =>
  (value) =>
    Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;
const oneOf =
  (...values: string[]): Check =>
  (value) =>
    values.includes(value as string);
const text: Check = (value) => typeof value === 'string';
const longest = 0xffff_ffff;

const checks: Record<string, Check> = {
  'x-message-ttl': number(0, longest),
  'x-expires': number(1, longest),
  'x-max-length': number(0, Number.MAX_SAFE_INTEGER),
  'x-max-length-bytes': number(0, Number.MAX_SAFE_INTEGER),
  'x-overflow': oneOf('drop-head', 'reject-publish', 'reject-publish-dlx'),
  'x-dead-letter-exchange': text,
  'x-dead-letter-routing-key': text,
  'x-max-priority': number(0, 255),
  'x-single-active-consumer': (value) => typeof value === 'boolean',
  'x-queue-type': oneOf('classic'),
};

/** Arguments by which a declaration has to be equal to the one before. */
export const knownArguments = Object.keys(checks);

/** Throws ReplyError PRECONDITION_FAILED that names the argument and its value. */
export function readArguments(queue: string, given: Table): QueueSettings {
  for (const [name, check] of Object.entries(checks)) {
    if (given[name] === undefined || check(given[name])) continue;
    throw new ReplyError(
      'PRECONDITION_FAILED',
      `invalid arg '${name}' for queue '${queue}': ${JSON.stringify(given[name])}`,
    );
  }
  if (given['x-dead-letter-routing-key'] !== undefined && given['x-dead-letter-exchange'] === undefined) {
    throw new ReplyError(
      'PRECONDITION_FAILED',
      `invalid arg 'x-dead-letter-routing-key' for queue '${queue}': there is no x-dead-letter-exchange`,
    );
  }
  const of = <T>(name: string, otherwise: T) => (given[name] as T | undefined) ?? otherwise;
  return {
    messageTtlMs: of<number | null>('x-message-ttl', null),
    expiresMs: of<number | null>('x-expires', null),
    maxLength: of('x-max-length', Infinity),
    maxLengthBytes: of('x-max-length-bytes', Infinity),
    overflow: of<QueueSettings['overflow']>('x-overflow', 'drop-head'),
    deadLetterExchange: of<string | null>('x-dead-letter-exchange', null),
    deadLetterRoutingKey: of<string | null>('x-dead-letter-routing-key', null),
    maxPriority: of<number | null>('x-max-priority', null),
    singleActiveConsumer: of('x-single-active-consumer', false),
  };
}

import { basicClass, decode, encodeProperties, type Properties } from './protocol/codec.ts';
import { ReplyError } from './protocol/reply-error.ts';

/** What was published: the same for every queue it is routed to. */
export interface Content {
  exchange: string;
  routingKey: string;
  /** Flags and fields of the content header, as they came. */
  properties: Buffer;
  body: Buffer;
}

/** A message in one queue. */
export interface Entry {
  /** Of all messages of the broker; the order of a queue. */
  readonly id: number;
  /** Null while it is on the disk alone. */
  content: Content | null;
  /** Of the body. */
  readonly bytes: number;
  /** Of the queue's, 0 where it has none. */
  readonly priority: number;
  /** Unix ms; null for never. */
  readonly expiresAt: number | null;
  /** May have been delivered before. */
  redelivered: boolean;
  /** It has a row in the store, or will have one with the next commit. */
  stored: boolean;
}

/** Throws ReplyError SYNTAX_ERROR. */
export function readProperties(properties: Buffer): Properties {
  try {
    return decode(basicClass, properties) as Properties;
  } catch (cause) {
    throw new ReplyError('SYNTAX_ERROR', `the properties cannot be decoded: ${(cause as Error).message}`, { cause });
  }
}

/** The reverse: flags and fields, without the frame. Throws RangeError when the headers are longer than a frame may be. */
export function writeProperties(properties: Properties): Buffer {
  // A frame: 7 bytes of head, class, weight and size of the body (12), flags and fields, end.
  return encodeProperties(basicClass, 0, 0, properties).subarray(19, -1);
}

/** Milliseconds, null without. Throws ReplyError PRECONDITION_FAILED for what is no such number. */
export function expirationOf({ expiration }: Properties): number | null {
  if (expiration === undefined) return null;
  const ms = Number(expiration);
  if (/^\d+$/.test(expiration) && ms <= 0xffff_ffff) return ms;
  throw new ReplyError('PRECONDITION_FAILED', `invalid expiration '${expiration}'`);
}

/** Bytes that a content takes in memory, about. */
export function memoryOf({ properties, body }: Content): number {
  return properties.length + body.length + 400;
}

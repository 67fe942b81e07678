import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * The door to amqplib's codec, which is generated from the protocol's own description and works in both directions. The package
 * exports its client alone, so its files are loaded by their place; its version is pinned.
 */
const require = createRequire(import.meta.url);
const library = join(dirname(require.resolve('amqplib')), 'lib');

/** A table of AMQP, as decoded: numbers, strings, booleans, null, Buffers, arrays, tables, `{'!': 'timestamp', value}`. */
export type Table = Record<string, unknown>;

/** Basic properties; those that the broker itself reads have their types here. */
export interface Properties extends Table {
  headers?: Table;
  /** 2 is persistent. */
  deliveryMode?: number;
  priority?: number;
  /** A number of milliseconds, as text. */
  expiration?: string;
  userId?: string;
}

export interface Frame {
  type: number;
  channel: number;
  payload: Buffer;
  rest: Buffer;
}

interface Definitions {
  /** Reply codes among them: `NOT_FOUND`. */
  constants: Record<string, number>;
  /** Fields of a method, or with `BasicProperties` of a content header. Throws on what is cut off or of no known type. */
  decode(id: number, fields: Buffer): Table;
  /** A whole frame. Throws TypeError on a field of a wrong type. */
  encodeMethod(id: number, channel: number, fields: object): Buffer;
  /** A whole frame. */
  encodeProperties(id: number, channel: number, size: number, fields: object): Buffer;
  /** Throws for an id that is none. */
  info(id: number): { name: string };
  [method: string]: unknown;
}

const definitions = require(join(library, 'defs.js')) as Definitions;
const frames = require(join(library, 'frame.js')) as {
  HEARTBEAT_BUF: Buffer;
  /** False while it is not complete. Throws on one that is too long or has no end. */
  parseFrame(bytes: Buffer, maximumPayload: number): Frame | false;
};

export const { constants, decode, encodeMethod, encodeProperties } = definitions;
export const { parseFrame, HEARTBEAT_BUF: heartbeatFrame } = frames;

/** Class of the content that basic.publish carries. */
export const basicClass = 60;

/** The id of a method by amqplib's name for it: `BasicPublish`. */
export function methodId(name: string): number {
  const id = definitions[name];
  if (typeof id !== 'number') throw new Error(`amqplib knows no method ${name}`);
  return id;
}

/** Its name, or null where there is no such method. */
export function methodName(id: number): string | null {
  try {
    return definitions.info(id).name;
  } catch {
    return null;
  }
}

import protobuf from 'protobufjs/minimal.js';
import { types, type FieldFacts } from '../../../api-schema/facts.ts';

/** The fields of a message by number. A nested table is a message whose fields JSON shows as its parent's own. */
type FieldNumbers = Map<number, Field | FieldNumbers>;
type Field = Pick<FieldFacts, 'type' | 'pointer'> & { name: string };

/** Bytes that are not what they are said to be. */
export class ProtobufError extends Error {
  readonly code = 'ProtobufMalformed';
}

type Reader = protobuf.Reader;
type Json = Record<string, unknown>;

const MAGIC = Buffer.from('k8s\0');
const { Reader } = protobuf;
/** How a field's bytes are framed. */
const VARINT = 0;
const LENGTH = 2;

/** Whether a type of the schema can travel as protobuf; kinds of our own cannot, as custom resources cannot elsewhere. */
export function hasProtobuf(type: string): boolean {
  return Object.hasOwn(types, type);
}

/**
 * Reads an object in the encoding of `application/vnd.kubernetes.protobuf` as its JSON would be:
 *
 *     'k8s\0' │ runtime.Unknown { 1 typeMeta { 1 apiVersion, 2 kind }, 2 raw, 3 contentEncoding, 4 contentType }
 *                                                                      └─ the object's own message
 *
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding
 *
 * @param type of the schema; `hasProtobuf` has to be true of it
 * @throws ProtobufError
 */
export function decodeProtobuf(bytes: Uint8Array, type: string): Json {
  if (!MAGIC.equals(bytes.subarray(0, MAGIC.length))) {
    throw new ProtobufError("it does not begin with the four bytes 'k8s\\0'");
  }
  try {
    const unknown = envelope(Reader.create(bytes.subarray(MAGIC.length)));
    if (unknown.encoding) throw new ProtobufError(`its content is encoded as "${unknown.encoding}"; send it plain`);
    const object = message(Reader.create(unknown.raw), type);
    const { apiVersion, kind } = unknown;
    return { ...(apiVersion && { apiVersion }), ...(kind && { kind }), ...object };
  } catch (cause) {
    if (cause instanceof ProtobufError) throw cause;
    throw new ProtobufError((cause as Error).message, { cause });
  }
}

function envelope(reader: Reader) {
  const read = { apiVersion: '', kind: '', raw: Buffer.of() as Uint8Array, encoding: '' };
  each(reader, {
    1: () =>
      each(nested(reader), {
        1: (meta) => (read.apiVersion = meta.string()),
        2: (meta) => (read.kind = meta.string()),
      }),
    2: () => (read.raw = reader.bytes()),
    3: () => (read.encoding = reader.string()),
  });
  return read;
}

/** Calls what is there for each field of a message, to the message's end; other fields are passed over. */
function each(reader: Reader, readers: Record<number, (reader: Reader, wireType: number) => unknown>): void {
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const read = readers[tag >>> 3];
    if (read) read(reader, tag & 7);
    else reader.skipType(tag & 7);
  }
}

function nested(reader: Reader): Reader {
  return Reader.create(reader.bytes());
}

function message(reader: Reader, type: string): Json {
  return readInto({}, reader, numbersOf(type));
}

const known = new Map<string, FieldNumbers>();

function numbersOf(type: string): FieldNumbers {
  let numbers = known.get(type);
  if (numbers) return numbers;
  known.set(type, (numbers = new Map()));
  for (const [name, { number, ...field }] of Object.entries(types[type]!.fields)) {
    if (!number) continue;
    const path = number.split('.').map(Number);
    let message = numbers;
    for (const outer of path.slice(0, -1)) {
      const within = message.get(outer) ?? new Map();
      message.set(outer, within);
      message = within as FieldNumbers;
    }
    message.set(path.at(-1)!, { name, ...field });
  }
  return numbers;
}

function readInto(object: Json, reader: Reader, numbers: FieldNumbers): Json {
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const field = numbers.get(tag >>> 3);
    if (!field) reader.skipType(tag & 7);
    else if (field instanceof Map) readInto(object, nested(reader), field);
    else readField(object, reader, field, tag & 7);
  }
  return object;
}

function readField(object: Json, reader: Reader, { name, type, pointer }: Field, wireType: number): void {
  if (type.startsWith('{')) {
    const [key, value] = entry(nested(reader), type.slice(1, -1));
    Object.defineProperty((object[name] ??= {}), key, { value, enumerable: true, configurable: true, writable: true });
  } else if (type.endsWith('[]')) {
    ((object[name] ??= []) as unknown[]).push(...items(reader, type.slice(0, -2), wireType));
  } else {
    const read = value(reader, type, wireType);
    const unset = read === '' || read === 0 || read === false;
    if (!unset || pointer) object[name] = read;
  }
}

/** One entry of a map. */
function entry(reader: Reader, type: string): [string, unknown] {
  let key = '';
  let read: unknown = '';
  each(reader, {
    1: () => (key = reader.string()),
    2: (_, wireType) => (read = value(reader, type, wireType)),
  });
  return [key, read];
}

/** One item of a list, or all of a packed list of numbers. */
function items(reader: Reader, type: string, wireType: number): unknown[] {
  if (wireType !== LENGTH || !type.startsWith('int')) return [value(reader, type, wireType)];
  const packed = nested(reader);
  const read: unknown[] = [];
  while (packed.pos < packed.len) read.push(value(packed, type, VARINT));
  return read;
}

function value(reader: Reader, type: string, wireType: number): unknown {
  const isNumber = type === 'boolean' || type === 'int32' || type === 'int64';
  if (wireType !== (isNumber ? VARINT : LENGTH)) throw new ProtobufError(`a ${type} has wire type ${wireType}`);
  switch (type) {
    case 'string':
      return reader.string();
    case 'boolean':
      return reader.bool();
    case 'int32':
      return reader.int32();
    case 'int64':
      return Number(reader.int64());
    case 'bytes':
      return Buffer.from(reader.bytes()).toString('base64');
    case 'time':
    case 'microTime':
      return time(nested(reader));
    case 'quantity':
      return wrapped(nested(reader)).toString() || '0';
    case 'intOrString':
      return intOrString(nested(reader));
    case 'any':
      return JSON.parse(wrapped(nested(reader)).toString());
    default:
      return message(nested(reader), type);
  }
}

/** A Time or MicroTime: seconds and nanoseconds since 1970. An empty one is null, as in Go's JSON. */
function time(reader: Reader): string | null {
  if (reader.len === 0) return null;
  let seconds = 0;
  let nanos = 0;
  each(reader, { 1: () => (seconds = Number(reader.int64())), 2: () => (nanos = reader.int32()) });
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.valueOf())) throw new ProtobufError(`${seconds} s is no time`);
  const fraction = nanos ? `.${String(Math.trunc(nanos / 1000)).padStart(6, '0')}` : '';
  return date.toISOString().replace(/\.\d+Z$/, `${fraction}Z`);
}

function intOrString(reader: Reader): string | number {
  const read = { isString: false, int: 0, string: '' };
  each(reader, {
    1: () => (read.isString = Number(reader.int64()) === 1),
    2: () => (read.int = reader.int32()),
    3: () => (read.string = reader.string()),
  });
  return read.isString ? read.string : read.int;
}

/** The one field of a Quantity, a FieldsV1. */
function wrapped(reader: Reader): Buffer {
  let content: Uint8Array = Buffer.of();
  each(reader, { 1: () => (content = reader.bytes()) });
  return Buffer.from(content);
}

import { toNumber } from './messages.ts';
import type { AnyValue, KeyValue } from './messages.ts';

export type AttributeValue = string | number | boolean;
export type Attributes = Record<string, AttributeValue>;

/** Beyond these a span's attributes are cut: they bound what one span may cost the trace store. */
const MAX_ATTRIBUTES = 64;
const MAX_STRING = 1024;
const MAX_KEY = 256;

/** OTLP's typed key-value pairs as a flat record. Arrays and maps become JSON text; the first of a repeated key stays. */
export function toAttributes(pairs: KeyValue[] | undefined): Attributes {
  const attributes: Attributes = Object.create(null);
  let count = 0;
  for (const { key, value } of pairs ?? []) {
    // Who reads our JSON into an object of theirs must not get another prototype by it.
    if (!key || key === '__proto__' || key.length > MAX_KEY || !value || key in attributes) continue;
    if (++count > MAX_ATTRIBUTES) break;
    const plain = toPlain(value);
    if (plain === null) continue;
    attributes[key] = typeof plain === 'object' ? clip(JSON.stringify(plain)) : plain;
  }
  return attributes;
}

/** Through a buffer, because a slice of a string would keep the whole of it in memory. */
export function clip(text: string, max = MAX_STRING): string {
  return text.length > max ? `${Buffer.from(text.slice(0, max - 1)).toString()}…` : text;
}

/** Any value as text: strings as they are, the rest as JSON. */
export function toText(value: AnyValue, max: number): string {
  const plain = toPlain(value, max);
  return typeof plain === 'string' ? plain : clip(JSON.stringify(plain ?? ''), max);
}

function toPlain(value: AnyValue, max = MAX_STRING): AttributeValue | object | null {
  const text = own(value, 'stringValue');
  if (text !== null) return clip(text, max);
  const flag = own(value, 'boolValue');
  if (flag !== null) return flag;
  const integer = own(value, 'intValue');
  if (integer !== null) return toNumber(integer);
  const double = own(value, 'doubleValue');
  if (double !== null) return Number.isFinite(Number(double)) ? Number(double) : String(double); // JSON has no NaN
  const list = own(value, 'arrayValue');
  if (list !== null) return (list.values ?? []).map((item) => toPlain(item));
  const map = own(value, 'kvlistValue');
  if (map !== null) return Object.fromEntries((map.values ?? []).map((pair) => [pair.key, toPlain(pair.value ?? {})]));
  const bytes = own(value, 'bytesValue');
  if (bytes !== null) return clip(typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('base64'));
  return null;
}

/** protobufjs puts each field's default on the prototype, so only own members were on the wire. */
function own<K extends keyof AnyValue>(value: AnyValue, member: K): NonNullable<AnyValue[K]> | null {
  return Object.hasOwn(value, member) ? (value[member] ?? null) : null;
}

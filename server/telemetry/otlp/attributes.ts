import { toNumber } from './messages.ts';
import type { AnyValue, KeyValue } from './messages.ts';

export type AttributeValue = string | number | boolean;
export type Attributes = Record<string, AttributeValue>;

/** Beyond these a span's attributes are cut: they bound what one span may cost the trace store. */
const MAX_ATTRIBUTES = 64;
const MAX_STRING = 1024;

/** OTLP's typed key-value pairs as a flat record. Arrays and maps become JSON text; the first of a repeated key stays. */
export function toAttributes(pairs: KeyValue[] | undefined): Attributes {
  const attributes: Attributes = Object.create(null);
  let count = 0;
  for (const { key, value } of pairs ?? []) {
    if (!key || !value || key in attributes) continue;
    if (++count > MAX_ATTRIBUTES) break;
    const plain = toPlain(value);
    if (plain === null) continue;
    attributes[key] = typeof plain === 'object' ? clip(JSON.stringify(plain)) : plain;
  }
  return attributes;
}

export function clip(text: string): string {
  return text.length > MAX_STRING ? `${text.slice(0, MAX_STRING - 1)}…` : text;
}

function toPlain(value: AnyValue): AttributeValue | object | null {
  const text = own(value, 'stringValue');
  if (text !== null) return clip(text);
  const flag = own(value, 'boolValue');
  if (flag !== null) return flag;
  const integer = own(value, 'intValue');
  if (integer !== null) return toNumber(integer);
  const double = own(value, 'doubleValue');
  if (double !== null) return Number(double);
  const list = own(value, 'arrayValue');
  if (list !== null) return (list.values ?? []).map(toPlain);
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

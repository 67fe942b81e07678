import fc from 'fast-check';
import type { RealRequest } from './real-requests.ts';

/** A request that differs from a real one, in one encoding. */
export interface MutatedRequest {
  path: string;
  contentType: 'application/x-protobuf' | 'application/json';
  body: Uint8Array;
}

/** Where something is changed, as a share of the length; evenly spread, which fc.double is not. */
const place = fc.noBias(fc.nat(0xffff)).map((at) => at / 0x10000);
/** Ten bytes are a varint of 64 bits: a length, a count or an id beyond all there is. */
const greedy = [
  [0xff, 0xff, 0xff, 0xff, 0x0f],
  Array.from({ length: 9 }, () => 0xff).concat(1),
  [0x80],
  [0],
  [0xff],
  [0x7f],
];
const bytes = fc.oneof(
  fc.constantFrom(...greedy).map((list) => Uint8Array.from(list)),
  fc.uint8Array({ maxLength: 24 }),
);

type BytesChange = (body: Uint8Array) => Uint8Array;

const flip = fc.tuple(place, fc.integer({ min: 1, max: 255 })).map(([at, mask]): BytesChange => (body) => {
  const copy = Uint8Array.from(body);
  if (copy.length > 0) copy[Math.floor(at * copy.length)]! ^= mask;
  return copy;
});
/** Puts something in place of a part: with nothing it takes away, with no part it adds. */
const splice = fc
  .tuple(place, fc.integer({ min: 0, max: 32 }), bytes)
  .map(([at, length, other]): BytesChange => (body) => {
    const from = Math.floor(at * body.length);
    return Buffer.concat([body.subarray(0, from), other, body.subarray(from + length)]);
  });
const cut = place.map(
  (at): BytesChange =>
    (body) =>
      body.subarray(0, Math.floor(at * body.length)),
);
const repeat = fc.tuple(place, place, fc.integer({ min: 2, max: 50 })).map(([a, b, times]): BytesChange => (body) => {
  const [from, to] = [a, b].map((at) => Math.floor(at * body.length)).sort((x, y) => x - y) as [number, number];
  return Buffer.concat([
    body.subarray(0, to),
    ...Array.from({ length: times }, () => body.subarray(from, to)),
    body.subarray(to),
  ]);
});

/** Numbers that senders get wrong, and that somebody would try. As text where the encoding has them so. */
const numbers = fc.oneof(
  fc.constantFrom(0, -1, 1, 24, 25, 2 ** 31, 2 ** 32, 2 ** 53, 900_000_000_000, -900_000_000_000),
  fc.integer(),
);
const longs = fc.oneof(
  fc.constantFrom('18446744073709551615', '9223372036854775807', '-9223372036854775808', '9'.repeat(20)),
  numbers.map(String),
);
const texts = fc.oneof(
  fc.constantFrom(
    '',
    'x',
    '__proto__',
    'constructor',
    'toString',
    '\ud800',
    '>',
    'a>b>c',
    'other',
    'http.route',
    '0'.repeat(32),
  ),
  fc.constantFrom('ab'.repeat(16), 'ef'.repeat(8), 'circuit_breaker.name', 'loadgen.dropped', 'NaN'),
  fc.string({ maxLength: 8 }),
  fc.string({ minLength: 2000, maxLength: 3000 }),
);
const doubles = fc.oneof(fc.constantFrom<unknown>(1e308, -1e308, 0.5, 'NaN', 'Infinity', '-Infinity'), fc.double());
const anything = fc.oneof(numbers, longs, texts, doubles, fc.constantFrom<unknown>(null, true, false, [], {}));
/** What is put in place of a value: mostly of its own kind, as what is of another is refused as a whole. */
const replaced = fc.record({
  at: place,
  like: fc.integer({ min: 0, max: 7 }).map((one) => one > 0),
  ...{ number: numbers, long: longs, text: texts, double: doubles, anything },
});
type Replaced = typeof replaced extends fc.Arbitrary<infer T> ? T : never;

/** Real requests with a few changes: in their bytes, or in their values and encoded anew. */
export function mutated(requests: readonly RealRequest[]): fc.Arbitrary<MutatedRequest> {
  const change = fc.oneof(flip, splice, cut, repeat);
  const any = fc.constantFrom(...requests);
  const inBytes = fc
    .tuple(any, fc.boolean(), fc.array(change, { minLength: 1, maxLength: 6 }))
    .map(([request, asJson, changes]): MutatedRequest => {
      const body = asJson ? Buffer.from(JSON.stringify(request.json)) : request.protobuf;
      return { ...typed(request, asJson), body: changes.reduce((changing, apply) => apply(changing), body) };
    });
  const inValues = fc
    .tuple(any, fc.boolean(), fc.array(replaced, { minLength: 1, maxLength: 6 }))
    .map(([request, asJson, changes]): MutatedRequest => {
      const json = structuredClone(request.json);
      for (const change of changes) replaceOne(json, change);
      const body = Buffer.from(JSON.stringify(json));
      return { ...typed(request, asJson), body: asJson ? body : (encoded(request, json) ?? body) };
    });
  return fc.oneof(inBytes, { arbitrary: inValues, weight: 2 });
}

const typed = ({ path }: RealRequest, asJson: boolean) =>
  ({ path, contentType: asJson ? 'application/json' : 'application/x-protobuf' }) as const;

/** In protobuf; null for values that have no form there. */
function encoded({ type }: RealRequest, json: unknown): Uint8Array | null {
  try {
    return type.encode(type.fromObject(json as Record<string, unknown>)).finish();
  } catch {
    return null;
  }
}

/** Replaces a value; objects and lists among them. */
function replaceOne(root: unknown, change: Replaced): void {
  const places: [holder: Record<string, unknown>, key: string][] = [];
  const visit = (holder: unknown) => {
    if (typeof holder !== 'object' || holder === null) return;
    for (const key of Object.keys(holder)) {
      const value = (holder as Record<string, unknown>)[key];
      if (typeof value !== 'object' || !change.like) places.push([holder as Record<string, unknown>, key]);
      visit(value);
    }
  };
  visit(root);
  const [holder, key] = places[Math.floor(change.at * places.length)] ?? [];
  if (holder && key !== undefined)
    holder[key] = structuredClone(change.like ? ofItsKind(key, holder[key], change) : change.anything);
}

function ofItsKind(key: string, value: unknown, { number, long, text, double }: Replaced): unknown {
  if (key === 'asDouble' || key === 'doubleValue' || key === 'sum') return double;
  if (typeof value === 'string') return /^-?\d+$/.test(value) ? long : text;
  return typeof value === 'number' ? number : !value;
}

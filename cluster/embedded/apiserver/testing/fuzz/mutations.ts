import fc from 'fast-check';
import { realRequests, type RealRequest } from './requests.ts';

/** Where something is changed, as a share of the length; evenly spread, which fc.double is not. */
const place = fc.noBias(fc.nat(0xffff)).map((at) => at / 0x10000);

/** What clients get wrong, and what somebody would try. */
const words = fc.oneof(
  fc.constantFrom('', 'x', '__proto__', 'constructor', 'toString', '..', '%2e%2e', '%00', '%zz', 'a=b', '-1', '1e9'),
  fc.constantFrom('status', 'scale', 'log', 'exec', 'proxy', 'token', 'eviction', 'ephemeralcontainers', 'watch', '*'),
  fc.constantFrom('pods', 'secrets', 'nodes', 'events', 'namespaces', 'v1', 'apis', 'web', 'colors', 'kube-system'),
  fc.string({ maxLength: 6 }).map(encodeURIComponent),
  fc.constant('a'.repeat(3000)),
);
const values = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 2 ** 31, 2 ** 53, 1e308, '', 'x', '__proto__', [], {}, [null], [[]]),
  fc.constantFrom<unknown>(
    '500m',
    '0.5',
    '1e1000',
    '-1Ki',
    '25%',
    '2026-01-01T00:00:00Z',
    'None',
    '10.96.0.1',
    '\ud800',
  ),
  fc.constantFrom<unknown>('a'.repeat(5000), { toString: 1 }, { metadata: { name: 'x' } }, [{ name: 'web' }]),
  fc.string({ maxLength: 5 }),
);
const headers = fc.constantFrom<[string, string]>(
  ['accept', 'application/json;as=Table;v=v1'],
  ['accept', 'application/vnd.kubernetes.protobuf'],
  ['accept', ',;q=;='],
  ['accept', 'a/b;q=0.5,'.repeat(500)],
  ['content-type', 'application/vnd.kubernetes.protobuf'],
  ['content-type', 'application/yaml'],
  ['content-type', 'application/apply-patch+yaml; charset=\xff'],
  ['content-encoding', 'gzip'],
  ['transfer-encoding', 'chunked'],
  ['expect', '100-continue'],
  ['upgrade', 'h2c'],
  ['connection', 'upgrade, close'],
  ['sec-websocket-protocol', 'v5.channel.k8s.io, SPDY/3.1+portforward.k8s.io'],
  ['sec-websocket-key', 'x'],
  ['impersonate-user', 'system:serviceaccount:shop:default'],
  ['user-agent', '/'],
  ['if-none-match', '"x"'],
);

type Change = (request: RealRequest) => RealRequest;

const method = fc
  .constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS')
  .map((other): Change => (request) => ({ ...request, method: other }));

/** Puts a word in place of a part of the path or of the query, or beside it. */
const path = fc.tuple(place, words, fc.boolean()).map(([at, word, beside]): Change => (request) => {
  const parts = request.path.split(/(?<=[/?&=])/);
  parts.splice(1 + Math.floor(at * parts.length), beside ? 0 : 1, beside ? `${word}/` : word);
  return {
    ...request,
    path: parts
      .join('')
      .replace(/^[^/]|^$/, '/')
      .replace(/ /g, '+'),
  };
});

const header = headers.map(([name, value]): Change => (request) => {
  return { ...request, headers: { ...request.headers, [name]: value } };
});

/** Replaces, removes, or adds something in the body, whatever is there. */
const body = fc.tuple(place, values, words, fc.nat(3)).map(([at, value, word, how]): Change => (request) => {
  if (typeof request.body !== 'object') return request;
  const copy = structuredClone(request.body) as Record<string, unknown>;
  const places: [holder: Record<string, unknown>, key: string][] = [];
  const visit = (holder: unknown) => {
    if (typeof holder !== 'object' || holder === null) return;
    for (const key of Object.keys(holder)) {
      places.push([holder as Record<string, unknown>, key]);
      visit((holder as Record<string, unknown>)[key]);
    }
  };
  visit(copy);
  const [holder, key] = places[Math.floor(at * places.length)] ?? [];
  if (!holder || key === undefined) return request;
  if (how === 0) delete holder[key];
  else if (how === 1) Object.defineProperty(holder, word, { value, enumerable: true, configurable: true });
  else holder[key] = value;
  return { ...request, body: copy };
});

export type BytesChange = (bytes: Buffer) => Buffer;

const flip = fc.tuple(place, fc.integer({ min: 1, max: 255 })).map(([at, mask]): BytesChange => (bytes) => {
  const copy = Buffer.from(bytes);
  copy[Math.floor(at * copy.length)]! ^= mask;
  return copy;
});
const splice = fc
  .tuple(place, fc.nat(40), fc.uint8Array({ maxLength: 24 }))
  .map(([at, length, other]): BytesChange => (bytes) => {
    const from = Math.floor(at * bytes.length);
    return Buffer.concat([bytes.subarray(0, from), other, bytes.subarray(from + length)]);
  });

/** One or a few bytes that are others, more, or gone. */
export const inBytes: fc.Arbitrary<BytesChange> = fc.oneof(flip, splice);

/** A request on the wire, with a few changes: in its parts, in the bytes of its body, or in those of all of it. */
export function mutatedRequest(host: string, token: string): fc.Arbitrary<Buffer> {
  const parts = fc.array(fc.oneof(method, path, header, { arbitrary: body, weight: 4 }), { maxLength: 5 });
  const changes = fc.array(inBytes, { minLength: 1, maxLength: 4 });
  const where = fc.constantFrom('parts', 'parts', 'body', 'all');
  return fc
    .tuple(fc.constantFrom(...realRequests), parts, changes, where)
    .map(([real, inParts, changesOfBytes, part]) => {
      const request = inParts.reduce((changing, apply) => apply(changing), real);
      const json = request.body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(request.body) ?? '');
      const apply = (bytes: Buffer) =>
        bytes.length > 0 ? changesOfBytes.reduce((one, change) => change(one), bytes) : bytes;
      const content = part === 'body' ? apply(json) : json;
      const lines = Object.entries({
        host,
        authorization: `Bearer ${token}`,
        'content-length': content.length,
        ...request.headers,
      });
      const head = `${request.method} ${request.path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
      const whole = Buffer.concat([Buffer.from(head, 'latin1'), content]);
      return part === 'all' ? apply(whole) : whole;
    });
}

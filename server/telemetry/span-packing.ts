import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Span } from './span.ts';

/**
 * Text that spans of the shop have in common. Deflate refers back to it, so that even a trace of ten spans shrinks to about
 * 60 bytes a span (`ingest.bench.ts`).
 */
const DICTIONARY = Buffer.from(
  JSON.stringify([
    ['service.name', 'network.protocol.version', 'network.peer.address', 'network.peer.port', 'user_agent.original'],
    ['error.type', 'timeout', 'circuit_open', 'http.request.resend_count', 'circuit_breaker.name', 'payments>bank'],
    [
      'db.system.name',
      'postgresql',
      'db.namespace',
      'db.query.text',
      'SELECT * FROM  WHERE id = $1',
      'INSERT INTO ',
      'UPDATE',
    ],
    [
      'server.address',
      'postgres',
      'server.port',
      5432,
      'pg.query:SELECT',
      'pg-pool.connect',
      'server',
      'client',
      'internal',
    ],
    ['http.request.method', 'GET', 'POST', 'http.route', '/api/products/:id', '/api/orders', '/api/login', 'url.path'],
    ['url.full', 'http://inventory:8080/', 'http://orders:8080/', 'http://payments:8080/', 'http://bank:8080/charges'],
    ['http://gateway:8080/api/products', 'http://catalog:8080/products', 'url.scheme', 'http', 'server.port', 8080],
    { 'http.response.status_code': 200, 'network.protocol.version': '1.1', 'network.peer.address': '10.244.1.10' },
  ]),
);

/**
 * A trace's spans as compressed bytes, without the trace id. A row a span rather than an object: JSON would repeat the
 * member names in each.
 */
export function packSpans(spans: Span[]): Uint8Array {
  const rows = spans.map((span) => [
    span.spanId,
    span.parentId,
    span.service,
    span.pod,
    span.name,
    span.kind,
    span.start,
    span.end,
    span.failed,
    span.message,
    span.attributes,
    span.events,
  ]);
  const packed = deflateRawSync(JSON.stringify(rows), { dictionary: DICTIONARY, level: 6 });
  // Its own memory: zlib hands out a view into a larger buffer that would otherwise be kept alive.
  return Uint8Array.from(packed);
}

type Row = [
  Span['spanId'],
  Span['parentId'],
  Span['service'],
  Span['pod'],
  Span['name'],
  Span['kind'],
  Span['start'],
  Span['end'],
  Span['failed'],
  Span['message'],
  Span['attributes'],
  Span['events'],
];

export function unpackSpans(packed: Uint8Array, traceId: string): Span[] {
  const rows = JSON.parse(inflateRawSync(packed, { dictionary: DICTIONARY }).toString()) as Row[];
  return rows.map(
    ([spanId, parentId, service, pod, name, kind, start, end, failed, message, attributes, events]): Span => ({
      traceId,
      spanId,
      parentId,
      service,
      pod,
      name,
      kind,
      start,
      end,
      failed,
      message,
      attributes,
      events,
    }),
  );
}

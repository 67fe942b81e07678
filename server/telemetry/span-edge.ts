import type { Attributes } from './otlp/attributes.ts';
import type { EdgeProtocol } from './series.ts';
import type { Span } from './span.ts';

/** A call, or a message on its way, between two nodes of the topology. */
export interface Edge {
  /** `source>destination`. */
  id: string;
  protocol: EdgeProtocol;
  /** The end that sends no spans itself though the edge is told of: a broker or an object store. */
  silent: string | null;
}

/**
 * The edge that a span tells of, by OpenTelemetry's semantic conventions for HTTP, database, messaging and object store
 * calls; null when it tells of none. The broker is a node of its own: `orders>rabbitmq` when a message is sent, and
 * `rabbitmq>shipping` when it is handled. Where a broker or an object store gives no address, the name of its kind stands for it.
 */
export function edgeOf(span: Span): Edge | null {
  const { kind, service, name, attributes } = span;
  if (isMessaging(attributes)) {
    const broker = addressOf(attributes) ?? String(attributes['messaging.system']);
    if (sendsMessage(span)) return { id: `${service}>${broker}`, protocol: 'messaging', silent: broker };
    return handlesMessage(span) ? { id: `${broker}>${service}`, protocol: 'messaging', silent: broker } : null;
  }
  if (kind !== 'client') return null;
  // Waiting for a connection of the pool is not a query.
  if (name.startsWith('pg-pool.') || name === 'pg.connect') return null;
  const protocol = isObjectStore(attributes) ? 'object-store' : isSql(attributes) ? 'sql' : 'http';
  const destination = addressOf(attributes) ?? (protocol === 'object-store' ? 's3' : null);
  if (destination === null) return null;
  const silent = protocol === 'object-store' ? destination : null;
  return { id: `${service}>${destination}`, protocol, silent };
}

/** A message is handled in a consumer span; taking it off the queue and acknowledging it are part of that. */
export function handlesMessage({ kind, attributes }: Span): boolean {
  return kind === 'consumer' && isMessaging(attributes) && !['settle', 'ack'].includes(operationType(attributes));
}

/** With `create`, a message is only made; it is sent in another span. */
function sendsMessage({ kind, attributes }: Span): boolean {
  const type = operationType(attributes);
  return kind === 'producer' ? type !== 'create' : kind === 'client' && (type === 'send' || type === 'publish');
}

function operationType(attributes: Attributes): string {
  return String(attributes['messaging.operation.type'] ?? attributes['messaging.operation'] ?? '');
}

function isMessaging(attributes: Attributes): boolean {
  return typeof attributes['messaging.system'] === 'string';
}

function isObjectStore(attributes: Attributes): boolean {
  if ('aws.s3.bucket' in attributes) return true;
  const system = attributes['rpc.system.name'] ?? attributes['rpc.system'];
  return system === 'aws-api' && attributes['rpc.service'] === 'S3';
}

function isSql(attributes: Attributes): boolean {
  return 'db.system.name' in attributes || 'db.system' in attributes;
}

/**
 * Whom the span's service spoke to, or null. A name inside the cluster counts by its first label, so `bank` and
 * `bank.shop.svc.cluster.local` are one.
 */
function addressOf(attributes: Attributes): string | null {
  const address = attributes['server.address'] ?? attributes['net.peer.name'];
  if (typeof address !== 'string' || address === '') return null;
  const isIp = /^[\d.]+$|:/.test(address);
  return isIp ? address : address.split('.', 1)[0]!;
}

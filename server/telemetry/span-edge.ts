import type { ServiceRole } from '../contract/topology.ts';
import type { Sender } from './message-links.ts';
import type { Attributes } from './otlp/attributes.ts';
import type { EdgeProtocol } from './series.ts';
import type { Span } from './span.ts';

/** A call, or a message on its way, between two nodes of the topology. */
export interface Edge {
  /** `source>destination`. */
  id: string;
  protocol: EdgeProtocol;
  /** The end that sends no spans itself though the edge is told of: a database, a broker or an object store. */
  silent: string | null;
}

/** What the silent end of an edge is, by what is spoken there. */
export const SILENT_ROLES: Record<EdgeProtocol, ServiceRole> = {
  http: 'service',
  sql: 'database',
  messaging: 'broker',
  'object-store': 'object-store',
};

/**
 * The edge that a span tells of, by OpenTelemetry's semantic conventions for HTTP, database, messaging and object store
 * calls; null when it tells of none. The broker is a node of its own: `orders>rabbitmq` when a message is sent, and
 * `rabbitmq>shipping` when it is handled. Where a database, a broker or an object store gives no address, the name of its kind stands for it.
 */
export function edgeOf(span: Span): Edge | null {
  const { kind, service, name, attributes } = span;
  const broker = addressOf(attributes) ?? systemOf(attributes);
  if (sendsMessage(span)) return broker === null ? null : messageEdge(service, broker, broker);
  if (handlesMessage(span)) return broker === null ? null : messageEdge(broker, service, broker);
  if (kind !== 'client' || isMessaging(attributes)) return null;
  // Waiting for a connection of the pool is not a query.
  if (name.startsWith('pg-pool.') || name === 'pg.connect') return null;
  const system = databaseOf(attributes);
  const protocol = isObjectStore(attributes) ? 'object-store' : system === null ? 'http' : 'sql';
  const destination = addressOf(attributes) ?? (protocol === 'object-store' ? 's3' : system);
  if (destination === null) return null;
  const silent = protocol === 'http' ? null : destination;
  return { id: `${service}>${destination}`, protocol, silent };
}

/** What is known of a message from the span of who handles it, when that does not say where the broker is. */
export interface HandledMessage {
  service: string;
  /** `rabbitmq`, if it says that. */
  system: string | null;
}

/** Null for any other span. */
export function handledSomewhere(span: Span): HandledMessage | null {
  if (!handlesMessage(span) || addressOf(span.attributes) !== null) return null;
  return { service: span.service, system: systemOf(span.attributes) };
}

/** The edge of such a message: from the broker that its sender names, or from the sender itself where neither names one. */
export function handledEdge({ service, system }: HandledMessage, sender: Sender | null): Edge | null {
  const broker = sender?.broker ?? system;
  if (broker !== null) return messageEdge(broker, service, broker);
  return sender === null || sender.service === service ? null : messageEdge(sender.service, service, null);
}

function messageEdge(source: string, destination: string, silent: string | null): Edge {
  return { id: `${source}>${destination}`, protocol: 'messaging', silent };
}

/** Who sent the message that a span sends; null for any other span. */
export function senderOf(span: Span): Sender | null {
  if (!sendsMessage(span)) return null;
  return { service: span.service, broker: addressOf(span.attributes) ?? systemOf(span.attributes) };
}

/** A message is handled in a consumer span; taking it off the queue and acknowledging it are part of that. */
export function handlesMessage({ kind, attributes }: Span): boolean {
  return kind === 'consumer' && !['settle', 'ack'].includes(operationType(attributes));
}

/** With `create`, a message is only made; it is sent in another span. */
function sendsMessage({ kind, attributes }: Span): boolean {
  const type = operationType(attributes);
  if (kind === 'producer') return type !== 'create';
  return kind === 'client' && isMessaging(attributes) && (type === 'send' || type === 'publish');
}

function operationType(attributes: Attributes): string {
  return String(attributes['messaging.operation.type'] ?? attributes['messaging.operation'] ?? '');
}

function isMessaging(attributes: Attributes): boolean {
  return systemOf(attributes) !== null;
}

function systemOf(attributes: Attributes): string | null {
  const system = attributes['messaging.system'];
  return typeof system === 'string' ? system : null;
}

function isObjectStore(attributes: Attributes): boolean {
  if ('aws.s3.bucket' in attributes) return true;
  const system = attributes['rpc.system.name'] ?? attributes['rpc.system'];
  return system === 'aws-api' && attributes['rpc.service'] === 'S3';
}

function databaseOf(attributes: Attributes): string | null {
  const system = attributes['db.system.name'] ?? attributes['db.system'];
  return system === undefined ? null : String(system);
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

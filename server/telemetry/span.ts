import type { SpanView } from '../contract/traces.ts';
import type { Attributes } from './otlp/attributes.ts';

export type SpanKind = SpanView['kind'];

/** A span as Breakwater keeps it, whatever encoding it came in. */
export interface Span {
  /** 32 hexadecimal digits, lower case. */
  traceId: string;
  /** 16 hexadecimal digits, lower case. */
  spanId: string;
  parentId: string | null;
  /** The lane or learner that its service belongs to. */
  scope: string;
  service: string;
  pod: string | null;
  name: string;
  kind: SpanKind;
  /** Unix time in ms, with fractions. */
  start: number;
  end: number;
  failed: boolean;
  message: string | null;
  attributes: Attributes;
  events: { name: string; at: number }[];
  /** Spans of other traces that this one goes on from: a consumer's of the message that it handles. */
  links: { traceId: string; spanId: string }[];
}

/** HTTP status of the answer, or null. Reads the name before semantic conventions 1.23 too. */
function httpStatus(attributes: Attributes): number | null {
  const status = attributes['http.response.status_code'] ?? attributes['http.status_code'];
  return typeof status === 'number' ? status : null;
}

/**
 * The shop's definition of a failed request: an HTTP status of 500 or more, or a span marked as failed. Client spans of
 * answers in the 400s are marked by OpenTelemetry, but the callee did its job.
 */
export function hasFailed(markedAsError: boolean, attributes: Attributes): boolean {
  const status = httpStatus(attributes);
  if (status === null) return markedAsError;
  return status >= 500 || (markedAsError && status < 400);
}

/** True for a call repeated after a failure, and for a message that is handled again as nobody had acknowledged it. */
export function isRetry({ kind, attributes }: Span): boolean {
  if (kind === 'consumer') return attributes['messaging.message.redelivered'] === true;
  return kind === 'client' && Number(attributes['http.request.resend_count'] ?? 0) >= 1;
}

/** The edge id of a call that a circuit breaker turned away, or null for any other span. */
export function rejectedBy(span: Span): string | null {
  if (span.name !== 'circuit_breaker.rejected') return null;
  const breaker = span.attributes['circuit_breaker.name'];
  return typeof breaker === 'string' ? breaker : null;
}

/** What a customer felt: a request from the moment it was due to its answer. */
export function isCustomers(span: Span): boolean {
  return span.kind === 'client' && span.attributes['breakwater.customer'] === true;
}

/**
 * `POST /api/orders`: method and route of a request. Without a route, the first two segments of the path stand in for it, so
 * that ids do not make routes. Null when the span is not of HTTP.
 */
export function operationOf(span: Span): string | null {
  const method = span.attributes['http.request.method'] ?? span.attributes['http.method'];
  if (typeof method !== 'string') return null;
  const route = span.attributes['http.route'] ?? span.attributes['url.template'];
  if (typeof route === 'string' && route !== '') return `${method} ${route}`;
  const path = pathOf(span.attributes);
  return path === null ? null : `${method} ${path.split('/', 3).join('/')}`;
}

/** Path of the request without its query, or null. */
function pathOf(attributes: Attributes): string | null {
  const path = attributes['url.path'] ?? attributes['http.target'];
  if (typeof path === 'string') return path.split('?', 1)[0]!;
  const url = attributes['url.full'] ?? attributes['http.url'];
  return typeof url === 'string' && URL.canParse(url) ? new URL(url).pathname : null;
}

import { hasFailed } from '../span.ts';
import type { Span, SpanKind } from '../span.ts';
import { clip, toAttributes } from './attributes.ts';
import type { AttributeValue } from './attributes.ts';
import { toNumber } from './messages.ts';
import type { Id, OtlpSpan, OtlpTraceRequest, Resource } from './messages.ts';

/** By number of OTLP's SpanKind; 0 (unspecified) counts as internal, as the specification says. */
const KINDS: SpanKind[] = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'];
const STATUS_ERROR = 2;
const MAX_EVENTS = 32;
const MAX_LINKS = 16;
/** Of scopes, services and pods: Kubernetes allows 253. */
const MAX_NAME = 253;

/** The spans of a request, and how many of them cannot be used, with the reason of the first. */
export function toSpans(request: OtlpTraceRequest): { spans: Span[]; rejected: number; reason: string } {
  const spans: Span[] = [];
  let rejected = 0;
  let reason = '';
  for (const group of request.resourceSpans ?? []) {
    const source = toSource(group.resource);
    for (const scope of group.scopeSpans ?? []) {
      for (const sent of scope.spans ?? []) {
        const span = toSpan(sent, source);
        if (typeof span !== 'string') spans.push(span);
        else if (++rejected === 1) reason = span;
      }
    }
  }
  return { spans, rejected, reason };
}

export interface Source {
  /** Namespace of the service or else of the pod; `default` where neither is given. */
  scope: string;
  service: string;
  pod: string | null;
}

/** Who sent it: the service, and the pod or else the instance. */
export function toSource(resource: Resource | null | undefined): Source {
  const attributes = toAttributes(resource?.attributes);
  const pod = attributes['k8s.pod.name'] ?? attributes['service.instance.id'];
  return {
    scope: nameOf(attributes['service.namespace'] ?? attributes['k8s.namespace.name'] ?? 'default'),
    service: nameOf(attributes['service.name'] ?? 'unknown_service'),
    pod: pod === undefined ? null : nameOf(pod),
  };
}

function nameOf(value: AttributeValue): string {
  return clip(String(value), MAX_NAME);
}

/** The span, or what is wrong with it. */
function toSpan(sent: OtlpSpan, { scope, service, pod }: Source): Span | string {
  const traceId = hex(sent.traceId);
  const spanId = hex(sent.spanId);
  if (!isTraceId(traceId)) return 'a span has no valid trace id (16 bytes, not all zero)';
  if (!isSpanId(spanId)) return 'a span has no valid span id (8 bytes, not all zero)';
  const start = toNumber(sent.startTimeUnixNano) / 1e6;
  const end = toNumber(sent.endTimeUnixNano) / 1e6;
  if (!(start > 0) || !(end >= start)) return 'a span ends before it starts, or has no times';
  const attributes = toAttributes(sent.attributes);
  return {
    traceId,
    spanId,
    parentId: hex(sent.parentSpanId) || null,
    scope,
    service,
    pod,
    name: clip(sent.name ?? ''),
    kind: KINDS[sent.kind ?? 0] ?? 'internal',
    start,
    end,
    failed: hasFailed(sent.status?.code === STATUS_ERROR, attributes),
    message: sent.status?.message ? clip(sent.status.message) : null,
    attributes,
    events: (sent.events ?? [])
      .slice(0, MAX_EVENTS)
      .map((event) => ({ name: clip(event.name ?? ''), at: toNumber(event.timeUnixNano) / 1e6 })),
    links: (sent.links ?? [])
      .slice(0, MAX_LINKS)
      .map((link) => ({ traceId: hex(link.traceId), spanId: hex(link.spanId) }))
      .filter((link) => isTraceId(link.traceId) && isSpanId(link.spanId)),
  };
}

function isTraceId(id: string): boolean {
  return id.length === 32 && !/^0+$/.test(id);
}

function isSpanId(id: string): boolean {
  return id.length === 16 && !/^0+$/.test(id);
}

/** Lower-case hexadecimal; empty when it was not sent. */
export function hex(id: Id | undefined): string {
  // protobufjs gives an empty array for bytes that were not sent.
  if (id === undefined || id.length === 0) return '';
  return typeof id === 'string'
    ? id.toLowerCase()
    : Buffer.from(id.buffer, id.byteOffset, id.byteLength).toString('hex');
}

import type { SpanView, TraceSummary } from '../contract/traces.ts';
import { isRetry, operationOf, rejectedBy } from './span.ts';
import type { Span } from './span.ts';

/** What lists show of a trace. Its length is from the first start to the last end of its spans. */
export function summarise(traceId: string, spans: Span[]): TraceSummary {
  const startedAt = Math.min(...spans.map((span) => span.start));
  const end = Math.max(...spans.map((span) => span.end));
  return {
    traceId,
    name: nameOf(spans),
    startedAt,
    duration: end - startedAt,
    spans: spans.length,
    services: [...new Set(spans.map((span) => span.service))],
    error: spans.some((span) => span.failed),
    retries: spans.filter(isRetry).length,
    rejections: spans.filter((span) => rejectedBy(span) !== null).length,
  };
}

/** The outermost span's name; HTTP client spans are only called by their method, so the route is looked up. */
function nameOf(spans: Span[]): string {
  const outermost = outermostOf(spans);
  if (outermost.name.includes('/')) return outermost.name;
  const served = spans.find((span) => span.kind === 'server' && span.parentId === outermost.spanId);
  return operationOf(served ?? outermost) ?? outermost.name;
}

function outermostOf(spans: Span[]): Span {
  const ids = new Set(spans.map((span) => span.spanId));
  const roots = spans.filter((span) => span.parentId === null || !ids.has(span.parentId));
  return roots.reduce((first, span) => (span.start < first.start ? span : first), roots[0] ?? spans[0]!);
}

/** Spans depth first: each after its parent, siblings by start. Spans of a missing parent stand at the top. */
export function toTree(spans: Span[]): SpanView[] {
  const startedAt = Math.min(...spans.map((span) => span.start));
  const ids = new Set(spans.map((span) => span.spanId));
  const children = Map.groupBy(
    [...spans].sort((a, b) => a.start - b.start),
    (span) => (span.parentId !== null && ids.has(span.parentId) ? span.parentId : null),
  );
  const tree: SpanView[] = [];
  const visited = new Set<string>();
  const stack = [...(children.get(null) ?? [])].reverse();
  while (stack.length > 0) {
    const span = stack.pop()!;
    if (visited.has(span.spanId)) continue;
    visited.add(span.spanId);
    tree.push(toView(span, startedAt));
    stack.push(...[...(children.get(span.spanId) ?? [])].reverse());
  }
  return tree;
}

function toView(span: Span, startedAt: number): SpanView {
  const { spanId, parentId, service, pod, name, kind, message, attributes, events, links } = span;
  return {
    spanId,
    parentId,
    service,
    pod,
    name,
    kind,
    offset: span.start - startedAt,
    duration: span.end - span.start,
    error: span.failed,
    message,
    attributes,
    events: events.map((event) => ({ name: event.name, offset: event.at - startedAt })),
    links,
  };
}

import type { SpanView } from '../../server/contract/traces.ts';

/** One bar of a waterfall. */
export interface WaterfallRow {
  span: SpanView;
  /** How deep below the outermost span. */
  depth: number;
  /** Where the bar begins and how long it is, as shares of the whole, 0 to 1. */
  left: number;
  width: number;
  notes: SpanNote[];
}

export interface SpanNote {
  kind: 'retry' | 'rejected' | 'timeout' | 'error';
  text: string;
}

/** Spans as an indented list: parents before children, siblings by time. A span whose parent is missing is a root. */
export function waterfall(spans: readonly SpanView[], duration: number): WaterfallRow[] {
  const known = new Set(spans.map(({ spanId }) => spanId));
  const children = new Map<string | null, SpanView[]>();
  for (const span of spans) {
    const parent = span.parentId !== null && known.has(span.parentId) ? span.parentId : null;
    children.set(parent, [...(children.get(parent) ?? []), span]);
  }
  const whole = Math.max(duration, ...spans.map((span) => span.offset + span.duration), 0.001);
  const rows: WaterfallRow[] = [];
  const visit = (parent: string | null, depth: number) => {
    const siblings = (children.get(parent) ?? []).toSorted((a, b) => a.offset - b.offset);
    for (const span of siblings) {
      const left = Math.min(1, Math.max(0, span.offset / whole));
      rows.push({ span, depth, left, width: Math.min(1 - left, span.duration / whole), notes: spanNotes(span) });
      visit(span.spanId, depth + 1);
    }
  };
  visit(null, 0);
  return rows;
}

/** What happened in a span beyond its time, by the OpenTelemetry attributes of HTTP clients and of the breaker. */
export function spanNotes({ name, attributes, error, message }: SpanView): SpanNote[] {
  const notes: SpanNote[] = [];
  const resend = Number(attributes['http.request.resend_count'] ?? 0);
  if (resend > 0) notes.push({ kind: 'retry', text: `retry ${resend}` });
  const type = attributes['error.type'];
  if (name === 'circuit_breaker.rejected' || type === 'circuit_open') {
    notes.push({ kind: 'rejected', text: 'breaker open' });
  } else if (type === 'timeout') {
    notes.push({ kind: 'timeout', text: 'timed out' });
  } else if (error) {
    const status = attributes['http.response.status_code'];
    notes.push({
      kind: 'error',
      text: status === undefined ? (message ?? String(type ?? 'failed')) : `HTTP ${status}`,
    });
  }
  return notes;
}

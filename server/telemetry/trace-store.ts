import type { Trace, TraceSummary } from '../contract/traces.ts';
import { SharedValues } from './shared-values.ts';
import type { Span } from './span.ts';
import { summarise, toTree } from './trace-view.ts';
import { packSpans, unpackSpans } from './span-packing.ts';

const TRACE_WINDOW_MS = 15 * 60 * 1000;
/** A trace of at least this length counts as slow. The shop's healthy p95 is well under 150 ms. */
const SLOW_MS = 500;
/** A trace is packed once no span has come for this long; a later one unpacks it again. */
const SETTLED_AFTER_MS = 3000;
/** Whatever its worth, a trace this young is not given up for an older one. */
const YOUNG_MS = 60_000;
/** Spans beyond are not kept; series count them all the same. */
const MAX_SPANS = 1000;
/** Cost of an entry beside its packed spans: summary, index, headers (`ingest.bench.ts` compares with the heap). */
const ENTRY_BYTES = 480;

export interface TraceFilter {
  /** At most this many, newest first. Default 50. */
  limit?: number;
  error?: boolean;
  /** At least this many ms long. */
  slow?: number;
  service?: string;
  scope?: string;
  /** Only those that began up to then, Unix time in ms. */
  to?: number;
}

/** Worth, from what is given up first to what is kept longest. */
const CLASSES = ['ordinary', 'slow', 'error'] as const;
type Worth = (typeof CLASSES)[number];

interface Entry {
  summary: TraceSummary;
  /** Those that its services belong to. */
  scopes: string[];
  /** Spans while the trace is still coming in, packed bytes afterwards. */
  spans: Span[] | null;
  packed: string | null;
  bytes: number;
  worth: Worth;
  touchedAt: number;
}

/**
 * The traces of the last 15 minutes within a bound in bytes. When it is reached, ordinary traces older than a minute go first,
 * then slow ones, then those with errors; within each the oldest first.
 */
export class TraceStore {
  readonly #maxBytes: number;
  /** By class, each in order of arrival. */
  readonly #entries: Record<Worth, Map<string, Entry>> = { ordinary: new Map(), slow: new Map(), error: new Map() };
  readonly #open = new Map<string, Entry>();
  readonly #names = new SharedValues<string>();
  readonly #services = new SharedValues<string[]>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return CLASSES.reduce((sum, worth) => sum + this.#entries[worth].size, 0);
  }

  /** Takes in spans that have not come before. */
  add(spans: Span[], now: number): void {
    for (const [traceId, added] of Map.groupBy(spans, (span) => span.traceId)) this.#extend(traceId, added, now);
    this.sweep(now);
  }

  /** Packs what has settled, drops what is too old or too much. */
  sweep(now: number): void {
    // The open ones are in order of their last touch.
    for (const [traceId, entry] of this.#open) {
      if (now - entry.touchedAt < SETTLED_AFTER_MS) break;
      this.#pack(traceId, entry);
    }
    for (const worth of CLASSES) {
      for (const [traceId, entry] of this.#entries[worth]) {
        if (now - entry.summary.startedAt <= TRACE_WINDOW_MS) break;
        this.#drop(traceId, entry);
      }
    }
    while (this.#bytes > this.#maxBytes) {
      const victim = this.#leastWorthy(now);
      if (!victim) break;
      this.#drop(...victim);
    }
  }

  /** A trace whose first span has not come yet is left out while others still come: its name and length would change. */
  list({ limit = 50, error, slow, service, scope, to }: TraceFilter): TraceSummary[] {
    const found: TraceSummary[] = [];
    for (const worth of CLASSES) {
      if (error === true && worth !== 'error') continue;
      // Newest first, so the first `limit` of each class suffice.
      const entries = [...this.#entries[worth].values()].reverse();
      let left = limit;
      for (const { summary, scopes, spans } of entries) {
        if (left === 0) break;
        if (spans?.every(({ parentId }) => parentId !== null)) continue;
        if (error !== undefined && summary.error !== error) continue;
        if (slow !== undefined && summary.duration < slow) continue;
        if (service !== undefined && !summary.services.includes(service)) continue;
        if (scope !== undefined && !scopes.includes(scope)) continue;
        if (to !== undefined && summary.startedAt > to) continue;
        found.push(summary);
        left--;
      }
    }
    return found.sort((a, b) => b.startedAt - a.startedAt).slice(0, limit);
  }

  get(traceId: string, scope?: string): Trace | null {
    const entry = this.#find(traceId);
    if (scope !== undefined && !entry?.scopes.includes(scope)) return null;
    return entry ? { ...entry.summary, tree: toTree(this.#spansOf(entry, traceId)) } : null;
  }

  #extend(traceId: string, added: Span[], now: number): void {
    const known = this.#find(traceId);
    const spans = known ? this.#spansOf(known, traceId) : [];
    spans.push(...added.slice(0, Math.max(0, MAX_SPANS - spans.length)));
    const summary = summarise(traceId, spans);
    summary.name = this.#names.share(summary.name);
    summary.services = this.#services.share(summary.services);
    const worth: Worth = summary.error ? 'error' : summary.duration >= SLOW_MS ? 'slow' : 'ordinary';
    const loose = added.reduce((sum, span) => sum + looseBytes(span), 0);
    const bytes = (known?.spans ? known.bytes : ENTRY_BYTES + 12 * (known?.packed?.length ?? 0)) + loose;
    if (known) {
      this.#bytes -= known.bytes;
      if (known.worth !== worth) this.#entries[known.worth].delete(traceId);
    }
    const scopes = this.#services.share([...new Set(spans.map((span) => span.scope))]);
    const entry: Entry = { summary, scopes, spans, packed: null, bytes, worth, touchedAt: now };
    this.#bytes += bytes;
    this.#entries[worth].set(traceId, entry);
    this.#open.delete(traceId);
    this.#open.set(traceId, entry);
  }

  #pack(traceId: string, entry: Entry): void {
    this.#open.delete(traceId);
    entry.packed = packSpans(entry.spans ?? []);
    entry.spans = null;
    this.#bytes -= entry.bytes;
    entry.bytes = ENTRY_BYTES + entry.packed.length;
    this.#bytes += entry.bytes;
  }

  #drop(traceId: string, entry: Entry): void {
    this.#entries[entry.worth].delete(traceId);
    this.#open.delete(traceId);
    this.#bytes -= entry.bytes;
  }

  #leastWorthy(now: number): [string, Entry] | undefined {
    const oldest = CLASSES.map((worth) => this.#entries[worth].entries().next().value).filter((entry) => !!entry);
    const ripe = oldest.find(([, entry]) => now - entry.summary.startedAt > YOUNG_MS);
    return ripe ?? oldest.sort(([, a], [, b]) => a.summary.startedAt - b.summary.startedAt)[0];
  }

  #find(traceId: string): Entry | undefined {
    for (const worth of CLASSES) {
      const entry = this.#entries[worth].get(traceId);
      if (entry) return entry;
    }
    return undefined;
  }

  #spansOf(entry: Entry, traceId: string): Span[] {
    return entry.spans ?? unpackSpans(entry.packed!, traceId);
  }
}

/** What a span takes that is not packed yet, measured (memory-bounds.test.ts). Strings of Latin-1 take a byte a character. */
function looseBytes({ name, message, attributes, events, links }: Span): number {
  let bytes = 700 + name.length + (message?.length ?? 0) + events.length * 120 + links.length * 160;
  for (const key in attributes) {
    const value = attributes[key]!;
    bytes += 110 + key.length + (typeof value === 'string' ? value.length : 0);
  }
  return bytes;
}

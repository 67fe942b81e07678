import type { SignalId, SignalPoint, SignalSeries } from '../contract/signals.ts';
import type { BreakerView, Traffic } from '../contract/topology.ts';
import type { Trace, TraceSummary } from '../contract/traces.ts';
import { Breakers } from './breakers.ts';
import type { BreakerChange } from './breakers.ts';
import { LoadReports } from './load-reports.ts';
import type { LoadReport } from './load-reports.ts';
import type { MetricPoint } from './otlp/metric-points.ts';
import { PodGauges } from './pod-gauges.ts';
import { SeriesStore } from './series-store.ts';
import type { Cursor, Percentiles } from './series-store.ts';
import { WINDOW_SECONDS } from './series.ts';
import { edgeOf, isCustomers, isRetry, isSql, operationOf, rejectedBy } from './span.ts';
import type { Span } from './span.ts';
import { TraceStore } from './trace-store.ts';
import type { TraceFilter } from './trace-store.ts';

export interface TelemetryOptions {
  /** Unix time in ms. */
  clock?: () => number;
  /** Bound of the trace store. Default 48 MB. */
  maxTraceBytes?: number;
  /** The service whose routes get series of their own: `gateway POST /api/orders`. */
  entryService?: string;
}

export interface EdgeTraffic extends Traffic {
  id: SignalId;
  source: string;
  destination: string;
  protocol: 'http' | 'sql';
  retryRate: number;
  timeoutRate: number;
  breaker: BreakerView | null;
}

/** A request of a customer that has ended, or `count` that were never sent. */
export type CustomerCall =
  | { operation: string; outcome: 'ok' | 'error' | 'timeout'; milliseconds: number }
  | { operation: string; outcome: 'dropped'; count: number };

/** All requests of customers; `customer POST /api/orders` are those of one operation. */
export const CUSTOMER = 'customer';

/** A finished call between two services, as the caller saw it. */
export interface EdgeCall {
  edge: SignalId;
  outcome: 'ok' | 'error' | 'timeout' | 'rejected';
  milliseconds: number;
}

/**
 * Pods send their spans every 250 ms: a second is whole this long after it has ended. What is shown of "now" ends there, or
 * every rate would dip at each full second. Breaker states do not wait, they come with their own reports.
 */
const REPORTED_AFTER_MS = 500;
/** Spans may be ahead of our clock by this much, not more. */
const MAX_AHEAD_MS = 10_000;

/**
 * Everything that was measured in the last 15 minutes, derived from spans and metrics at 100 % sampling. No timers: it is
 * brought up to date when something comes in or is asked for.
 */
export class Telemetry {
  readonly #clock: () => number;
  readonly #entryService: string;
  readonly #series = new SeriesStore();
  readonly #traces: TraceStore;
  readonly #breakers = new Breakers();
  readonly #inFlight = new PodGauges('http.server.active_requests', (values) => sum(values));
  readonly #oldest = new PodGauges('http.server.oldest_request_age', (values) => Math.max(...values));
  readonly #load = new LoadReports();
  readonly #sqlEdges = new Set<SignalId>();
  readonly #breakerListeners = new Set<(change: BreakerChange) => void>();
  readonly #callListeners = new Set<(call: EdgeCall) => void>();
  readonly #customerListeners = new Set<(call: CustomerCall) => void>();

  constructor({ clock = Date.now, maxTraceBytes = 48 * 1024 * 1024, entryService = 'gateway' }: TelemetryOptions = {}) {
    this.#clock = clock;
    this.#entryService = entryService;
    this.#traces = new TraceStore(maxTraceBytes);
  }

  /**
   * Takes in spans; those that ended before the window or in the future are turned down, those sent again are known. A batch
   * is sent again when its answer was lost.
   */
  ingestTraces(spans: Span[]): { rejected: number; reason: string } {
    const now = this.#clock();
    const oldest = now - WINDOW_SECONDS * 1000;
    const usable = spans.filter((span) => span.end >= oldest && span.end <= now + MAX_AHEAD_MS);
    const version = this.#series.nextVersion();
    for (const span of this.#traces.add(usable, now)) this.#count(span, version);
    const rejected = spans.length - usable.length;
    return { rejected, reason: rejected > 0 ? 'a span ended more than 15 minutes ago or in the future' : '' };
  }

  /** Takes in metrics; names that nothing is derived from are passed over. */
  ingestMetrics(points: MetricPoint[]): void {
    const now = this.#clock();
    const version = this.#series.nextVersion();
    this.#oldest.ingest(points, now);
    for (const service of this.#inFlight.ingest(points, now)) {
      const inFlight = this.#inFlight.of(service, now) ?? 0;
      this.#series.series('service', service).inFlight(Math.floor(now / 1000), version, inFlight);
    }
    const dropped = this.#load.ingest(points, now);
    if (dropped > 0) {
      this.#series.series('customer', CUSTOMER).dropped(Math.floor(now / 1000), version, dropped);
      for (const listener of this.#customerListeners)
        listener({ operation: 'not sent', outcome: 'dropped', count: dropped });
    }
    this.#breakers.ingest(points, now);
  }

  /** End of the newest second that has surely been reported, Unix time in ms. */
  reportedUntil(): number {
    return this.#reported() * 1000;
  }

  /** The last `seconds` (at most 900) reported seconds of services, edges or operations. */
  signals(ids: SignalId[], seconds: number): SignalSeries[] {
    return this.#series.signals(ids, seconds, this.#reported());
  }

  /** The seconds that are new or changed since the cursor of the answer before; the whole window without one. */
  pointsSince(cursor: Cursor | null): { signals: Record<SignalId, SignalPoint[]>; cursor: Cursor } {
    return this.#series.changes(cursor, this.#reported());
  }

  /** Traffic of a series, or of several taken as one, over the last three reported seconds. */
  windowed(...ids: SignalId[]): Traffic {
    return this.#series.traffic(ids, this.#reported());
  }

  /** Exact merge over the whole seconds in [from, to), Unix time in ms; only the last 15 minutes are known. */
  percentiles(id: SignalId, from: number, to: number): Percentiles {
    return this.#series.percentiles([id], Math.floor(from / 1000), Math.floor(to / 1000));
  }

  /** Services that had traffic or reported metrics in the window. */
  services(): SignalId[] {
    return this.#recent('service');
  }

  /** Calls between services in the window. */
  edges(): EdgeTraffic[] {
    const end = this.#reported();
    const ids = new Set([...this.#recent('edge'), ...this.#breakers.edges(this.#clock())]);
    return [...ids].map((id) => {
      const [source, destination] = id.split('>', 2) as [string, string];
      return {
        id,
        source,
        destination,
        protocol: this.#sqlEdges.has(id) ? 'sql' : 'http',
        ...this.#series.traffic([id], end),
        retryRate: this.#series.rate(id, 'retries', end),
        timeoutRate: this.#series.rate(id, 'timeouts', end),
        breaker: this.breaker(id),
      };
    });
  }

  /** Null when no live pod reports a breaker on that edge. */
  breaker(edge: SignalId): BreakerView | null {
    const summary = this.#breakers.summary(edge, this.#clock());
    return summary && { ...summary, rejectedRate: this.#series.rate(edge, 'rejections', this.#reported()) };
  }

  /** Null when no live pod of the service reports it. */
  inFlight(service: string): number | null {
    return this.#inFlight.of(service, this.#clock());
  }

  /** Age of the oldest request in flight, in ms; null when no live pod of the service reports it. */
  oldestMs(service: string): number | null {
    return this.#oldest.of(service, this.#clock());
  }

  /** Null while no load generator reports. */
  load(): LoadReport | null {
    return this.#load.report(this.#clock());
  }

  traces(filter: TraceFilter = {}): TraceSummary[] {
    this.#traces.sweep(this.#clock());
    return this.#traces.list(filter);
  }

  trace(traceId: string): Trace | null {
    return this.#traces.get(traceId.toLowerCase());
  }

  /** What the store of traces holds now. */
  traceUsage(): { traces: number; bytes: number } {
    return { traces: this.#traces.size, bytes: this.#traces.bytes };
  }

  /** Called once for every change of a breaker, as its span comes in. Returns the unsubscriber. */
  onBreakerChange(listener: (change: BreakerChange) => void): () => void {
    this.#breakerListeners.add(listener);
    return () => void this.#breakerListeners.delete(listener);
  }

  /** Called for every finished call and every call a breaker turned away. Returns the unsubscriber. */
  onEdgeCall(listener: (call: EdgeCall) => void): () => void {
    this.#callListeners.add(listener);
    return () => void this.#callListeners.delete(listener);
  }

  /** Called for every request of a customer that has ended or was given up unsent. Returns the unsubscriber. */
  onCustomerCall(listener: (call: CustomerCall) => void): () => void {
    this.#customerListeners.add(listener);
    return () => void this.#customerListeners.delete(listener);
  }

  #count(span: Span, version: number): void {
    const t = Math.floor(span.end / 1000);
    const milliseconds = span.end - span.start;
    const timeout = span.attributes['error.type'] === 'timeout';
    const request = { milliseconds, failed: span.failed, retry: isRetry(span), timeout };
    if (span.kind === 'server') {
      this.#series.series('service', span.service).request(t, version, request);
      const operation = span.service === this.#entryService ? operationOf(span) : null;
      if (operation) this.#series.series('operation', `${span.service} ${operation}`).request(t, version, request);
      return;
    }
    const change = this.#breakers.change(span);
    if (change) {
      for (const listener of this.#breakerListeners) listener(change);
      return;
    }
    const rejectedEdge = rejectedBy(span);
    if (rejectedEdge) {
      const series = this.#series.series('edge', rejectedEdge);
      series.rejection(t, version);
      this.#announce({ edge: series.id, outcome: 'rejected', milliseconds });
      return;
    }
    const outcome = timeout ? 'timeout' : span.failed ? 'error' : 'ok';
    if (isCustomers(span)) {
      this.#series.series('customer', CUSTOMER).request(t, version, request);
      const series = this.#series.series('customer', `${CUSTOMER} ${operationOf(span) ?? 'other'}`);
      series.request(t, version, request);
      // As it was admitted: what listeners keep by operation is bounded as the series are.
      const operation = series.id.slice(CUSTOMER.length + 1);
      for (const listener of this.#customerListeners) listener({ operation, outcome, milliseconds });
    }
    const edge = edgeOf(span);
    if (!edge) return;
    const series = this.#series.series('edge', edge);
    series.request(t, version, request);
    if (isSql(span)) this.#sqlEdges.add(series.id);
    this.#announce({ edge: series.id, outcome, milliseconds });
  }

  #announce(call: EdgeCall): void {
    for (const listener of this.#callListeners) listener(call);
  }

  #recent(family: 'service' | 'edge'): SignalId[] {
    const oldest = this.#reported() - WINDOW_SECONDS;
    return this.#series.ids(family).filter((id) => (this.#series.get(id)?.last ?? -Infinity) >= oldest);
  }

  /** The first second that may still be incomplete. */
  #reported(): number {
    return Math.floor((this.#clock() - REPORTED_AFTER_MS) / 1000);
  }
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

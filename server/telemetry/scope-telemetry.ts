import type { LogRecord } from '../contract/logs.ts';
import type { Metric } from '../contract/metrics.ts';
import type { SignalId, SignalPoint, SignalSeries } from '../contract/signals.ts';
import type { BreakerView, PoolView, QueueView, ServiceRole, Traffic } from '../contract/topology.ts';
import type { Trace, TraceSummary } from '../contract/traces.ts';
import { Listeners } from './listeners.ts';
import type { BreakerChange } from './live/breakers.ts';
import type { LoadReport } from './live/load-reports.ts';
import { LiveState } from './live/live-state.ts';
import type { CustomerCall, EdgeCall } from './measured-calls.ts';
import type { LogFilter, LogStore } from './log-store.ts';
import type { MetricFilter, MetricStore } from './metric-store.ts';
import type { MetricPoint } from './otlp/metric-points.ts';
import type { SeriesBudget } from './series-budget.ts';
import type { BeyondBound, Cursor, Percentiles } from './series-store.ts';
import { WINDOW_SECONDS } from './series.ts';
import type { EdgeProtocol } from './series.ts';
import { SILENT_ROLES } from './span-edge.ts';
import { SpanSeries } from './span-series.ts';
import type { Span } from './span.ts';
import type { TraceFilter, TraceStore } from './trace-store.ts';

/** What all scopes put their measurements into, each within its bound. */
export interface SharedStores {
  traces: TraceStore;
  logs: LogStore;
  metrics: MetricStore;
  budget: SeriesBudget;
}

export interface EdgeTraffic extends Traffic {
  id: SignalId;
  source: string;
  destination: string;
  protocol: EdgeProtocol;
  retryRate: number;
  timeoutRate: number;
  breaker: BreakerView | null;
}

/**
 * Pods send their spans every 250 ms: a second is whole this long after it has ended. What is shown of "now" ends there, or
 * every rate would dip at each full second. Breaker states do not wait, they come with their own reports.
 */
const REPORTED_AFTER_MS = 500;

/**
 * Everything that was measured in one scope in the last 15 minutes, derived from spans and metrics at 100 % sampling. No
 * timers: it is brought up to date when something comes in or is asked for.
 */
export class ScopeTelemetry {
  readonly name: string;
  readonly #clock: () => number;
  readonly #series: SpanSeries;
  readonly #live = new LiveState();
  readonly #stores: SharedStores;
  readonly #breakerChanges = new Listeners<BreakerChange>();

  constructor(name: string, stores: SharedStores, clock: () => number) {
    this.name = name;
    this.#stores = stores;
    this.#series = new SpanSeries(stores.budget);
    stores.budget.add(this.#series.store);
    this.#clock = clock;
  }

  /** Gives back what it holds. */
  close(): void {
    this.#stores.budget.remove(this.#series.store);
  }

  /** The services through which customers come in: their routes get series of their own. */
  setEntries(services: Iterable<string>): void {
    this.#series.entries = new Set(services);
  }

  /** Takes in spans that have not come in before. */
  ingestSpans(spans: Span[]): void {
    this.#series.store.sweep(Math.floor(this.#clock() / 1000));
    this.#series.count(spans, this.#clock());
    for (const span of spans) {
      const change = this.#live.breakers.change(span);
      if (change) this.#breakerChanges.tell(change);
    }
  }

  ingestMetrics(points: MetricPoint[]): void {
    const now = this.#clock();
    this.#series.store.sweep(Math.floor(now / 1000));
    const { inFlight, dropped } = this.#live.ingest(points, now);
    this.#series.inFlight(Math.floor(now / 1000), inFlight);
    if (dropped > 0) this.#series.drop(Math.floor(now / 1000), dropped);
  }

  /** End of the newest second that has surely been reported, Unix time in ms. */
  reportedUntil(): number {
    return this.#reported() * 1000;
  }

  /** The last `seconds` (at most 900) reported seconds of services, edges or operations. */
  signals(ids: SignalId[], seconds: number): SignalSeries[] {
    return this.#series.store.signals(ids, seconds, this.#reported());
  }

  /** The seconds that are new or changed since the cursor of the answer before; the whole window without one. */
  pointsSince(cursor: Cursor | null): { signals: Record<SignalId, SignalPoint[]>; cursor: Cursor } {
    return this.#series.store.changes(cursor, this.#reported());
  }

  /** Traffic of a series, or of several taken as one, over the last three reported seconds. */
  windowed(...ids: SignalId[]): Traffic {
    return this.#series.store.traffic(ids, this.#reported());
  }

  /** Exact merge over the whole seconds in [from, to), Unix time in ms; only the last 15 minutes are known. */
  percentiles(id: SignalId, from: number, to: number): Percentiles {
    return this.#series.store.percentiles([id], Math.floor(from / 1000), Math.floor(to / 1000));
  }

  /** Services that had traffic or reported metrics in the window. */
  services(): SignalId[] {
    return this.#recent('service');
  }

  /** Calls between services in the window. */
  edges(): EdgeTraffic[] {
    const end = this.#reported();
    const { store } = this.#series;
    const ids = new Set([...this.#recent('edge'), ...this.#live.breakers.edges(this.#clock())]);
    return [...ids].map((id) => {
      const [source, destination] = id.split('>', 2) as [string, string];
      return {
        id,
        source,
        destination,
        protocol: store.get(id)?.protocol ?? 'http',
        ...store.traffic([id], end),
        retryRate: store.rate(id, 'retries', end),
        timeoutRate: store.rate(id, 'timeouts', end),
        breaker: this.breaker(id),
      };
    });
  }

  /** Databases, brokers and object stores, which are known by the edges that lead to them. */
  silentNodes(): Map<string, ServiceRole> {
    const nodes = new Map<string, ServiceRole>();
    for (const id of this.#recent('edge')) {
      const { silent, protocol } = this.#series.store.get(id) ?? {};
      if (silent && protocol) nodes.set(silent, SILENT_ROLES[protocol]);
    }
    return nodes;
  }

  /** What of the last 15 minutes is counted together, as there is too much of it to be told apart; empty when nothing is. */
  beyondBounds(): BeyondBound[] {
    return this.#series.store.beyondBounds(this.#reported() - WINDOW_SECONDS);
  }

  /** Null when no live pod reports a breaker on that edge. */
  breaker(edge: SignalId): BreakerView | null {
    const summary = this.#live.breakers.summary(edge, this.#clock());
    return summary && { ...summary, rejectedRate: this.#series.store.rate(edge, 'rejections', this.#reported()) };
  }

  /** Null when no live pod of the service reports it. */
  inFlight(service: string): number | null {
    return this.#live.inFlight.of(service, this.#clock());
  }

  /** Age of the oldest request in flight, in ms; null when no live pod of the service reports it. */
  oldestMs(service: string): number | null {
    return this.#live.oldest.of(service, this.#clock());
  }

  /** The pools of the service that its live pods report. */
  pools(service: string): PoolView[] {
    return this.#live.pools.of(service, this.#clock());
  }

  /** The queues of a broker that are reported. */
  queues(broker: string): QueueView[] {
    return this.#live.queues.of(broker, this.#clock());
  }

  /** Null while no load generator reports. */
  load(): LoadReport | null {
    return this.#live.load.report(this.#clock());
  }

  /** Traces that a service of this scope took part in. */
  traces(filter: TraceFilter = {}): TraceSummary[] {
    this.#stores.traces.sweep(this.#clock());
    return this.#stores.traces.list({ ...filter, scope: this.name });
  }

  /** Null for a trace that no service of this scope took part in, too. */
  trace(traceId: string): Trace | null {
    return this.#stores.traces.get(traceId.toLowerCase(), this.name);
  }

  /** Log records of this scope, the newest first. */
  logs(filter: LogFilter = {}): LogRecord[] {
    this.#stores.logs.sweep(this.#clock());
    return this.#stores.logs.list({ ...filter, scope: this.name });
  }

  /** Metrics of this scope as they were sent, whether or not anything is derived from them. */
  metrics(filter: MetricFilter = {}): Metric[] {
    const now = this.#clock();
    this.#stores.metrics.sweep(now);
    return this.#stores.metrics.list({ ...filter, scope: this.name, from: now - WINDOW_SECONDS * 1000 });
  }

  /** What the store of traces, which all scopes share, holds now. */
  traceUsage(): { traces: number; bytes: number } {
    return { traces: this.#stores.traces.size, bytes: this.#stores.traces.bytes };
  }

  /** Called once for every change of a breaker, as its span comes in. Returns the unsubscriber. */
  onBreakerChange(listener: (change: BreakerChange) => void): () => void {
    return this.#breakerChanges.add(listener);
  }

  /** Called for every finished call and every call a breaker turned away. Returns the unsubscriber. */
  onEdgeCall(listener: (call: EdgeCall) => void): () => void {
    return this.#series.edgeCalls.add(listener);
  }

  /** Called for every request of a customer that has ended or was given up unsent. Returns the unsubscriber. */
  onCustomerCall(listener: (call: CustomerCall) => void): () => void {
    return this.#series.customerCalls.add(listener);
  }

  #recent(family: 'service' | 'edge'): SignalId[] {
    const oldest = this.#reported() - WINDOW_SECONDS;
    const { store } = this.#series;
    return store.ids(family).filter((id) => (store.get(id)?.last ?? -Infinity) >= oldest);
  }

  /** The first second that may still be incomplete. */
  #reported(): number {
    return Math.floor((this.#clock() - REPORTED_AFTER_MS) / 1000);
  }
}

import type { ScopedMetricPoint } from './otlp/metric-points.ts';
import { LogStore } from './log-store.ts';
import type { ScopedLogRecord } from './log-store.ts';
import { MetricStore } from './metric-store.ts';
import { ScopeTelemetry } from './scope-telemetry.ts';
import type { SharedStores } from './scope-telemetry.ts';
import { SeriesBudget } from './series-budget.ts';
import { SeenSpans } from './seen-spans.ts';
import { WINDOW_SECONDS } from './series.ts';
import type { Span } from './span.ts';
import { TraceStore } from './trace-store.ts';

export interface TelemetryOptions {
  /** Unix time in ms. */
  clock?: () => number;
  /** Bound of the trace store, which all scopes share. Default 32 MB. */
  maxTraceBytes?: number;
}

/** How many items were turned down, and why. */
export interface Rejection {
  rejected: number;
  reason: string;
}

const MAX_LOG_BYTES = 4 * 1024 * 1024;
const MAX_METRIC_BYTES = 4 * 1024 * 1024;
const MAX_SERIES_BYTES = 24 * 1024 * 1024;
const MAX_SEEN_BYTES = 8 * 1024 * 1024;
/** Spans may be ahead of our clock by this much, not more. */
const MAX_AHEAD_MS = 10_000;
/** Each has series and live state of its own. Those that somebody here asked for are admitted whatever came before. */
const MAX_SCOPES = 16;
const IDLE_MS = WINDOW_SECONDS * 1000;

interface Scope {
  telemetry: ScopeTelemetry;
  /** Somebody holds it: it stays though nothing comes. */
  kept: boolean;
  touchedAt: number;
}

/**
 * What comes in, on its way to where it is kept: spans that have not come before go to the traces and to the series and live
 * state of their scope, each of which has its own bound and knows nothing of the others.
 */
export class Telemetry {
  readonly #clock: () => number;
  readonly #seen = new SeenSpans(MAX_SEEN_BYTES);
  readonly #traces: TraceStore;
  readonly #logs = new LogStore(MAX_LOG_BYTES);
  readonly #metrics = new MetricStore(MAX_METRIC_BYTES);
  readonly #budget = new SeriesBudget(MAX_SERIES_BYTES);
  readonly #scopes = new Map<string, Scope>();

  constructor({ clock = Date.now, maxTraceBytes = 32 * 1024 * 1024 }: TelemetryOptions = {}) {
    this.#clock = clock;
    this.#traces = new TraceStore(maxTraceBytes);
  }

  /** What was measured in a scope: the namespace that a lane or a learner lives in. From now on it is kept. */
  scope(name: string): ScopeTelemetry {
    const scope = this.#scopes.get(name) ?? this.#open(name);
    scope.kept = true;
    return scope.telemetry;
  }

  /** A scope that something was taken in of, or that is kept; null for any other. */
  find(name: string): ScopeTelemetry | null {
    return this.#scopes.get(name)?.telemetry ?? null;
  }

  /** Their names. */
  scopes(): string[] {
    return [...this.#scopes.keys()];
  }

  /**
   * Takes in spans; those that ended before the window or in the future are turned down, those sent again are known. A batch
   * is sent again when its answer was lost.
   */
  ingestTraces(spans: Span[]): Rejection {
    const now = this.#clock();
    const oldest = now - WINDOW_SECONDS * 1000;
    const timely = spans.filter((span) => span.end >= oldest && span.end <= now + MAX_AHEAD_MS);
    let rejected = spans.length - timely.length;
    let reason = rejected > 0 ? 'a span ended more than 15 minutes ago or in the future' : '';
    const fresh = timely.filter(({ traceId, spanId }) => this.#seen.isNew(traceId, spanId, now));
    for (const [name, own] of Map.groupBy(fresh, ({ scope }) => scope)) {
      const scope = this.#admit(name, now);
      if (scope) {
        this.#traces.add(own, now);
        scope.ingestSpans(own);
        continue;
      }
      rejected += own.length;
      reason ||= tooManyScopes(name);
    }
    this.#traces.sweep(now);
    this.#budget.enforce();
    return { rejected, reason };
  }

  ingestMetrics(points: ScopedMetricPoint[]): Rejection {
    const now = this.#clock();
    let rejected = 0;
    let reason = '';
    for (const [name, own] of Map.groupBy(points, ({ scope }) => scope)) {
      const scope = this.#admit(name, now);
      if (scope) {
        this.#metrics.add(own, now);
        scope.ingestMetrics(own);
        continue;
      }
      rejected += own.length;
      reason ||= tooManyScopes(name);
    }
    this.#budget.enforce();
    return { rejected, reason };
  }

  /** Those of before the window are turned down. */
  ingestLogs(records: ScopedLogRecord[]): Rejection {
    const now = this.#clock();
    const oldest = now - WINDOW_SECONDS * 1000;
    const timely = records.filter(({ at }) => at >= oldest && at <= now + MAX_AHEAD_MS);
    let rejected = records.length - timely.length;
    let reason = rejected > 0 ? 'a log record is older than 15 minutes or of the future' : '';
    for (const [name, own] of Map.groupBy(timely, ({ scope }) => scope)) {
      if (this.#admit(name, now)) {
        this.#logs.add(own, now);
        continue;
      }
      rejected += own.length;
      reason ||= tooManyScopes(name);
    }
    return { rejected, reason };
  }

  #admit(name: string, now: number): ScopeTelemetry | null {
    let scope = this.#scopes.get(name);
    if (!scope) {
      if (this.#scopes.size >= MAX_SCOPES) this.#forgetIdle(now);
      if (this.#scopes.size >= MAX_SCOPES) return null;
      scope = this.#open(name);
    }
    scope.touchedAt = now;
    return scope.telemetry;
  }

  #open(name: string): Scope {
    const telemetry = new ScopeTelemetry(name, this.#stores(), this.#clock);
    const scope = { telemetry, kept: false, touchedAt: this.#clock() };
    this.#scopes.set(name, scope);
    return scope;
  }

  #stores(): SharedStores {
    return { traces: this.#traces, logs: this.#logs, metrics: this.#metrics, budget: this.#budget };
  }

  #forgetIdle(now: number): void {
    for (const [name, { telemetry, kept, touchedAt }] of this.#scopes) {
      if (kept || now - touchedAt <= IDLE_MS) continue;
      telemetry.close();
      this.#scopes.delete(name);
    }
  }
}

function tooManyScopes(name: string): string {
  return `there are ${MAX_SCOPES} scopes already, so that "${name}" (service.namespace, else k8s.namespace.name) is not taken in`;
}

import type { Metric } from '../contract/metrics.ts';
import type { ScopedMetricPoint } from './otlp/metric-points.ts';
import { WINDOW_SECONDS } from './series.ts';

export interface MetricFilter {
  scope?: string;
  service?: string;
  /** Name of the metric, whole. */
  name?: string;
  /** Their values since then, Unix time in ms. */
  from?: number;
  /** At most this many metrics. Default 100. */
  limit?: number;
}

/** Points nearer than this to the one before replace it. */
const STEP_MS = 5000;
/** What a metric and one of its points take, measured (memory-bounds.test.ts). */
const METRIC_BYTES = 900;
const POINT_BYTES = 96;

interface Kept {
  metric: Metric;
  scope: string;
  bytes: number;
}

/**
 * Every metric that came in the last 15 minutes, one for each service, pod and set of attributes: the latest value, and one
 * every 5 s. Within a bound in bytes: those that were not sent for longest go first.
 */
export class MetricStore {
  readonly #maxBytes: number;
  /** In order of their last report. */
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** @param now Unix time in ms, of this machine: a pod's own may be off */
  add(points: ScopedMetricPoint[], now: number): void {
    for (const point of points) this.#add(point, now);
    this.sweep(now);
  }

  /** Drops what is too old or too much. @param now Unix time in ms */
  sweep(now: number): void {
    for (const [key, kept] of this.#kept) {
      const newest = kept.metric.points.at(-1)?.at ?? 0;
      if (this.#bytes <= this.#maxBytes && now - newest <= WINDOW_SECONDS * 1000) break;
      this.#kept.delete(key);
      this.#bytes -= kept.bytes;
    }
  }

  list({ scope, service, name, from = -Infinity, limit = 100 }: MetricFilter): Metric[] {
    const found: Metric[] = [];
    for (const { metric, scope: own } of this.#kept.values()) {
      if (found.length === limit) break;
      if (scope !== undefined && own !== scope) continue;
      if (service !== undefined && metric.service !== service) continue;
      if (name !== undefined && metric.name !== name) continue;
      found.push({ ...metric, points: metric.points.filter(({ at }) => at >= from) });
    }
    return found;
  }

  #add(
    { scope, service, pod, name, kind = 'gauge', attributes, value, count = null }: ScopedMetricPoint,
    now: number,
  ): void {
    const key = JSON.stringify([scope, service, pod, name, attributes]);
    let kept = this.#kept.get(key);
    this.#kept.delete(key);
    if (!kept) {
      kept = {
        metric: { service, pod, name, kind, attributes, points: [] },
        scope,
        bytes: METRIC_BYTES + 3 * key.length,
      };
      this.#bytes += kept.bytes;
    }
    this.#kept.set(key, kept);
    const { points } = kept.metric;
    const before = points.length;
    // The newest always shows; it stays once it is 5 s after the one that stayed before.
    if (points.length > 1 && points.at(-1)!.at - points.at(-2)!.at < STEP_MS) points.pop();
    points.push({ at: now, value, count });
    while (points[0]!.at < now - WINDOW_SECONDS * 1000) points.shift();
    kept.bytes += (points.length - before) * POINT_BYTES;
    this.#bytes += (points.length - before) * POINT_BYTES;
  }
}

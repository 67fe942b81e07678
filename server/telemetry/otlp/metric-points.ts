import type { Metric } from '../../contract/metrics.ts';
import type { Attributes } from './attributes.ts';
import { clip, toAttributes } from './attributes.ts';
import { toNumber } from './messages.ts';
import type { OtlpHistogramPoint, OtlpMetric, OtlpMetricsRequest, OtlpNumberPoint } from './messages.ts';
import { toSource } from './spans.ts';
import type { Source } from './spans.ts';

const CUMULATIVE = 2;

/** One number of one metric of one pod. Sums are cumulative. */
export interface MetricPoint {
  name: string;
  kind?: Metric['kind'];
  service: string;
  pod: string;
  attributes: Attributes;
  value: number;
  /** Of a histogram how many were recorded; its value is their sum. */
  count?: number | null;
  /** Unix time in ms: since when a sum counts, and when it was read. */
  since: number;
  at: number;
}

export interface ScopedMetricPoint extends MetricPoint {
  /** The lane or learner that its service belongs to. */
  scope: string;
}

const DELTA = 'sums and histograms with delta temporality are not supported; send cumulative ones';
const NOT_FINITE = 'a value is not a finite number';

/** Gauges, cumulative sums and histograms of a request; summaries are passed over. */
export function toMetricPoints(request: OtlpMetricsRequest): {
  points: ScopedMetricPoint[];
  rejected: number;
  reason: string;
} {
  const points: ScopedMetricPoint[] = [];
  let rejected = 0;
  let reason = '';
  const reject = (count: number, why: string) => {
    rejected += count;
    if (count > 0) reason ||= why;
  };
  for (const group of request.resourceMetrics ?? []) {
    const source = toSource(group.resource);
    for (const scope of group.scopeMetrics ?? []) {
      for (const metric of scope.metrics ?? []) {
        const all = pointsOf(metric, source);
        if (isDelta(metric)) reject(all.length, DELTA);
        else {
          const finite = all.filter(({ value, count }) => Number.isFinite(value) && Number.isFinite(count ?? 0));
          for (const point of finite) points.push(point);
          reject(all.length - finite.length, NOT_FINITE);
        }
      }
    }
  }
  return { points, rejected, reason };
}

function pointsOf(metric: OtlpMetric, source: Source): ScopedMetricPoint[] {
  const name = clip(metric.name ?? '');
  const pod = source.pod ?? source.service;
  const histogram = metric.histogram ?? metric.exponentialHistogram;
  const kind = metric.sum ? 'sum' : 'gauge';
  const numbers = metric.gauge?.dataPoints ?? metric.sum?.dataPoints ?? [];
  return [
    ...numbers.map((point) => ({ ...toPoint(name, source, pod, point), kind }) as const),
    ...(histogram?.dataPoints ?? []).map((point) => toCounted(name, source, pod, point)),
  ];
}

function isDelta(metric: OtlpMetric): boolean {
  const data = metric.sum ?? metric.histogram ?? metric.exponentialHistogram;
  return !!data && data.aggregationTemporality !== CUMULATIVE;
}

function toPoint(name: string, { scope, service }: Source, pod: string, point: OtlpNumberPoint): ScopedMetricPoint {
  const isInt = Object.hasOwn(point, 'asInt') && point.asInt !== null && point.asInt !== undefined;
  return {
    name,
    scope,
    service,
    pod,
    attributes: toAttributes(point.attributes),
    value: isInt ? toNumber(point.asInt) : Number(point.asDouble ?? 0),
    since: toNumber(point.startTimeUnixNano) / 1e6,
    at: toNumber(point.timeUnixNano) / 1e6,
  };
}

function toCounted(
  name: string,
  { scope, service }: Source,
  pod: string,
  point: OtlpHistogramPoint,
): ScopedMetricPoint {
  return {
    ...{ name, kind: 'histogram', scope, service, pod, attributes: toAttributes(point.attributes) },
    value: Number(point.sum ?? 0),
    count: toNumber(point.count),
    since: toNumber(point.startTimeUnixNano) / 1e6,
    at: toNumber(point.timeUnixNano) / 1e6,
  };
}

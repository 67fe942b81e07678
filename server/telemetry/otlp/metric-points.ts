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

/** Gauges, cumulative sums and histograms of a request; summaries are passed over. */
export function toMetricPoints(request: OtlpMetricsRequest): {
  points: ScopedMetricPoint[];
  rejected: number;
  reason: string;
} {
  const points: ScopedMetricPoint[] = [];
  let rejected = 0;
  for (const group of request.resourceMetrics ?? []) {
    const source = toSource(group.resource);
    const pod = source.pod ?? source.service;
    for (const scope of group.scopeMetrics ?? []) {
      for (const metric of scope.metrics ?? []) {
        const name = clip(metric.name ?? '');
        const histogram = metric.histogram ?? metric.exponentialHistogram;
        const sent = metric.gauge?.dataPoints ?? metric.sum?.dataPoints ?? [];
        if (isDelta(metric)) rejected += sent.length + (histogram?.dataPoints?.length ?? 0);
        else {
          const kind = metric.sum ? 'sum' : 'gauge';
          for (const point of sent) points.push({ ...toPoint(name, source, pod, point), kind });
          for (const point of histogram?.dataPoints ?? []) points.push(toCounted(name, source, pod, point));
        }
      }
    }
  }
  return {
    points,
    rejected,
    reason: rejected > 0 ? 'sums and histograms with delta temporality are not supported; send cumulative ones' : '',
  };
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

import type { Attributes } from './attributes.ts';
import { toAttributes } from './attributes.ts';
import { toNumber } from './messages.ts';
import type { OtlpMetric, OtlpMetricsRequest, OtlpNumberPoint } from './messages.ts';
import { toSource } from './spans.ts';
import type { Source } from './spans.ts';

const CUMULATIVE = 2;

/** One number of one metric of one pod. Sums are cumulative. */
export interface MetricPoint {
  name: string;
  service: string;
  pod: string;
  attributes: Attributes;
  value: number;
  /** Unix time in ms: since when a sum counts, and when it was read. */
  since: number;
  at: number;
}

export interface ScopedMetricPoint extends MetricPoint {
  /** The lane or learner that its service belongs to. */
  scope: string;
}

/** Gauges and cumulative sums of a request; other kinds of metric are not used and passed over. */
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
        const sent = metric.gauge?.dataPoints ?? metric.sum?.dataPoints ?? [];
        if (isDelta(metric)) rejected += sent.length;
        else for (const point of sent) points.push(toPoint(metric.name ?? '', source, pod, point));
      }
    }
  }
  return {
    points,
    rejected,
    reason: rejected > 0 ? 'sums with delta temporality are not supported; send cumulative ones' : '',
  };
}

function isDelta(metric: OtlpMetric): boolean {
  return !!metric.sum && metric.sum.aggregationTemporality !== CUMULATIVE;
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

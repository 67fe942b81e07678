import { z } from 'zod';
import type { AnyValue, OtlpLogsRequest, OtlpMetricsRequest, OtlpTraceRequest } from './messages.ts';

/**
 * OTLP's JSON encoding (OTLP specification, "JSON Protobuf Encoding"): lowerCamelCase keys, ids in hexadecimal, enums as
 * integers, 64-bit integers as decimal strings or numbers. Unknown keys are ignored.
 */
const int64 = z.union([z.string().regex(/^-?\d{1,20}$/), z.int()]);
const double = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]);
const id = z.string().regex(/^[0-9a-f]*$/i);

const anyValue: z.ZodType<AnyValue> = z.object({
  stringValue: z.string().nullish(),
  boolValue: z.boolean().nullish(),
  intValue: int64.nullish(),
  doubleValue: double.nullish(),
  bytesValue: z.string().nullish(),
  get arrayValue() {
    return z.object({ values: z.array(anyValue).nullish() }).nullish();
  },
  get kvlistValue() {
    return z.object({ values: z.array(keyValue).nullish() }).nullish();
  },
});
const keyValue = z.object({ key: z.string(), value: anyValue.nullish() });
const attributes = z.array(keyValue).optional();
const resource = z.object({ attributes }).nullish();

const span = z.object({
  traceId: id.optional(),
  spanId: id.optional(),
  parentSpanId: id.optional(),
  name: z.string().optional(),
  kind: z.int().optional(),
  startTimeUnixNano: int64.optional(),
  endTimeUnixNano: int64.optional(),
  attributes,
  events: z.array(z.object({ timeUnixNano: int64.optional(), name: z.string().optional() })).optional(),
  links: z.array(z.object({ traceId: id.optional(), spanId: id.optional() })).optional(),
  status: z.object({ message: z.string().optional(), code: z.int().optional() }).nullish(),
});
const point = z.object({
  startTimeUnixNano: int64.optional(),
  timeUnixNano: int64.optional(),
  asDouble: double.nullish(),
  asInt: int64.nullish(),
  attributes,
});
const histogram = z
  .object({
    dataPoints: z
      .array(
        z.object({
          startTimeUnixNano: int64.optional(),
          timeUnixNano: int64.optional(),
          count: int64.optional(),
          sum: double.nullish(),
          attributes,
        }),
      )
      .optional(),
    aggregationTemporality: z.int().optional(),
  })
  .nullish();
const metric = z.object({
  histogram,
  exponentialHistogram: histogram,
  name: z.string().optional(),
  gauge: z.object({ dataPoints: z.array(point).optional() }).nullish(),
  sum: z
    .object({
      dataPoints: z.array(point).optional(),
      aggregationTemporality: z.int().optional(),
      isMonotonic: z.boolean().optional(),
    })
    .nullish(),
});

const logRecord = z.object({
  timeUnixNano: int64.optional(),
  observedTimeUnixNano: int64.optional(),
  severityNumber: z.int().optional(),
  severityText: z.string().optional(),
  body: anyValue.nullish(),
  attributes,
  traceId: id.optional(),
  spanId: id.optional(),
});

export const logsRequestSchema: z.ZodType<OtlpLogsRequest> = z.object({
  resourceLogs: z
    .array(
      z.object({ resource, scopeLogs: z.array(z.object({ logRecords: z.array(logRecord).optional() })).optional() }),
    )
    .optional(),
});
export const traceRequestSchema: z.ZodType<OtlpTraceRequest> = z.object({
  resourceSpans: z
    .array(z.object({ resource, scopeSpans: z.array(z.object({ spans: z.array(span).optional() })).optional() }))
    .optional(),
});
export const metricsRequestSchema: z.ZodType<OtlpMetricsRequest> = z.object({
  resourceMetrics: z
    .array(z.object({ resource, scopeMetrics: z.array(z.object({ metrics: z.array(metric).optional() })).optional() }))
    .optional(),
});

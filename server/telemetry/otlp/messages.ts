import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs';
import { countMessages } from './size-limits.ts';

/**
 * Message types of OTLP. No maintained npm package decodes OTLP *requests* (OpenTelemetry's own only encodes them), so the
 * definitions are ours and protobufjs compiles them at start.
 */
const source = readFileSync(new URL('./otlp.proto', import.meta.url), 'utf8');
const { root } = protobuf.parse(source, { keepCase: false });

export const TraceRequest = root.lookupType('breakwater.otlp.ExportTraceServiceRequest');
export const LogsRequest = root.lookupType('breakwater.otlp.ExportLogsServiceRequest');
export const MetricsRequest = root.lookupType('breakwater.otlp.ExportMetricsServiceRequest');
countMessages(root.nestedArray.flatMap(typesOf));

export const ExportResponse = root.lookupType('breakwater.otlp.ExportResponse');
export const RpcStatus = root.lookupType('breakwater.otlp.RpcStatus');
export const ErrorInfo = root.lookupType('breakwater.otlp.ErrorInfo');

/** A 64-bit integer as its encoding gives it: a `Long` in protobuf, a decimal string or a number in JSON. */
export type Int64 = { toNumber(): number } | string | number;
/** Bytes in protobuf, lower or upper case hexadecimal in JSON. */
export type Id = Uint8Array | string;

export interface AnyValue {
  stringValue?: string | null;
  boolValue?: boolean | null;
  intValue?: Int64 | null;
  doubleValue?: number | string | null;
  arrayValue?: { values?: AnyValue[] | null } | null;
  kvlistValue?: { values?: KeyValue[] | null } | null;
  bytesValue?: Uint8Array | string | null;
}
export interface KeyValue {
  key?: string;
  value?: AnyValue | null;
}
export interface Resource {
  attributes?: KeyValue[];
}

export interface OtlpSpan {
  traceId?: Id;
  spanId?: Id;
  parentSpanId?: Id;
  name?: string;
  kind?: number;
  startTimeUnixNano?: Int64;
  endTimeUnixNano?: Int64;
  attributes?: KeyValue[];
  events?: { timeUnixNano?: Int64; name?: string }[];
  links?: { traceId?: Id; spanId?: Id }[];
  status?: { message?: string; code?: number } | null;
}
export interface OtlpTraceRequest {
  resourceSpans?: { resource?: Resource | null; scopeSpans?: { spans?: OtlpSpan[] }[] }[];
}

export interface OtlpNumberPoint {
  startTimeUnixNano?: Int64;
  timeUnixNano?: Int64;
  asDouble?: number | string | null;
  asInt?: Int64 | null;
  attributes?: KeyValue[];
}
/** Of a histogram only how many and how much: its buckets are not read, so nothing can be made of their number. */
export interface OtlpHistogramPoint {
  startTimeUnixNano?: Int64;
  timeUnixNano?: Int64;
  count?: Int64;
  sum?: number | string | null;
  attributes?: KeyValue[];
}
interface OtlpHistogram {
  dataPoints?: OtlpHistogramPoint[];
  aggregationTemporality?: number;
}
export interface OtlpMetric {
  name?: string;
  gauge?: { dataPoints?: OtlpNumberPoint[] } | null;
  sum?: { dataPoints?: OtlpNumberPoint[]; aggregationTemporality?: number; isMonotonic?: boolean } | null;
  histogram?: OtlpHistogram | null;
  exponentialHistogram?: OtlpHistogram | null;
}
export interface OtlpMetricsRequest {
  resourceMetrics?: { resource?: Resource | null; scopeMetrics?: { metrics?: OtlpMetric[] }[] }[];
}

export interface OtlpLogRecord {
  timeUnixNano?: Int64;
  observedTimeUnixNano?: Int64;
  severityNumber?: number;
  severityText?: string;
  body?: AnyValue | null;
  attributes?: KeyValue[];
  traceId?: Id;
  spanId?: Id;
}
export interface OtlpLogsRequest {
  resourceLogs?: { resource?: Resource | null; scopeLogs?: { logRecords?: OtlpLogRecord[] }[] }[];
}

/** Nearest double: exact to 256 ns for times of today, far below what is shown. */
export function toNumber(value: Int64 | null | undefined): number {
  if (value === null || value === undefined) return 0;
  return typeof value === 'object' ? value.toNumber() : Number(value);
}

function typesOf(found: protobuf.ReflectionObject): protobuf.Type[] {
  const inside = found instanceof protobuf.Namespace ? found.nestedArray.flatMap(typesOf) : [];
  return found instanceof protobuf.Type ? [found, ...inside] : inside;
}

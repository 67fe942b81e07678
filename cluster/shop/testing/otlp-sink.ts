import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import protobuf from 'protobufjs';

export interface ReceivedSpan {
  traceId: string;
  spanId: string;
  /** '' for the outermost. */
  parentSpanId: string;
  service: string;
  name: string;
  kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  attributes: Record<string, unknown>;
  failed: boolean;
  /** Unix time in ms. */
  start: number;
  end: number;
}

export interface ReceivedMetric {
  service: string;
  name: string;
  attributes: Record<string, unknown>;
  value: number;
}

/** Receives OTLP/HTTP with protobuf bodies and keeps what it got. */
export interface OtlpSink {
  endpoint: string;
  spans: ReceivedSpan[];
  /** Every data point, in the order they came. */
  metrics: ReceivedMetric[];
  resources: Record<string, unknown>[];
  /** Breaks the connection of the next spans to come, `afterMs` later. @returns their ids; they are not kept. */
  breakNextSpans(afterMs: number): Promise<string[]>;
  close(): void;
}

export async function startOtlpSink(): Promise<OtlpSink> {
  let breakNext: ((body: Buffer, socket: Socket) => void) | undefined;
  const sink: OtlpSink = {
    endpoint: '',
    spans: [],
    metrics: [],
    resources: [],
    breakNextSpans: (afterMs) =>
      new Promise((resolve) => {
        breakNext = (body, socket) => {
          breakNext = undefined;
          setTimeout(() => {
            socket.destroy();
            resolve(spansOf(body).map(({ spanId }) => spanId));
          }, afterMs);
        };
      }),
    close: () => server.closeAllConnections(),
  };
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      if (request.url === '/v1/traces' && breakNext) return breakNext(body, request.socket);
      if (request.url === '/v1/traces') readTraces(body, sink);
      if (request.url === '/v1/metrics') readMetrics(body, sink);
      response.end();
    });
  });
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  sink.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return sink;
}

const kinds = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'] as const;

function readTraces(body: Buffer, sink: OtlpSink): void {
  sink.spans.push(...spansOf(body));
  sink.resources.push(...decode(traces, body).resourceSpans.map((of: Decoded) => attributesOf(of.resource.attributes)));
}

function spansOf(body: Buffer): ReceivedSpan[] {
  return decode(traces, body).resourceSpans.flatMap(({ resource, scopeSpans }: Decoded) => {
    const service = String(attributesOf(resource.attributes)['service.name']);
    const spans: Decoded[] = scopeSpans.flatMap((scope: Decoded) => scope.spans);
    return spans.map((span) => ({
      traceId: Buffer.from(span.traceId).toString('hex'),
      spanId: Buffer.from(span.spanId).toString('hex'),
      parentSpanId: Buffer.from(span.parentSpanId).toString('hex'),
      service,
      name: span.name,
      kind: kinds[span.kind] ?? 'internal',
      attributes: attributesOf(span.attributes),
      failed: span.status?.code === 2,
      start: Number(span.startTimeUnixNano) / 1e6,
      end: Number(span.endTimeUnixNano) / 1e6,
    }));
  });
}

function readMetrics(body: Buffer, sink: OtlpSink): void {
  for (const { resource, scopeMetrics } of decode(metrics, body).resourceMetrics) {
    const service = String(attributesOf(resource.attributes)['service.name']);
    for (const metric of scopeMetrics.flatMap((scope: Decoded) => scope.metrics)) {
      for (const point of metric.gauge?.dataPoints ?? metric.sum?.dataPoints ?? []) {
        const value = Number(point.asInt ?? point.asDouble);
        sink.metrics.push({ service, name: metric.name, attributes: attributesOf(point.attributes), value });
      }
    }
  }
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- decoded by a schema that TypeScript does not know
type Decoded = any;

function decode(type: protobuf.Type, body: Buffer): Decoded {
  return type.toObject(type.decode(body), { longs: String, defaults: true });
}

function attributesOf(list: { key: string; value: Record<string, unknown> }[]): Record<string, unknown> {
  return Object.fromEntries(
    list.map(({ key, value }) => {
      const [[kind, content] = ['', undefined]] = Object.entries(value);
      return [key, kind === 'intValue' ? Number(content) : content];
    }),
  );
}

/** What of https://github.com/open-telemetry/opentelemetry-proto the tests look at; unknown fields are skipped. */
const schema = protobuf.parse(`
  syntax = "proto3";
  message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; } }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message Status { int32 code = 3; }
  message Span {
    bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
    fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9; Status status = 15;
  }
  message ScopeSpans { repeated Span spans = 2; }
  message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
  message Traces { repeated ResourceSpans resource_spans = 1; }
  message Point { oneof value { double as_double = 4; sfixed64 as_int = 6; } repeated KeyValue attributes = 7; }
  message Points { repeated Point data_points = 1; }
  message Metric { string name = 1; Points gauge = 5; Points sum = 7; }
  message ScopeMetrics { repeated Metric metrics = 2; }
  message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; }
  message Metrics { repeated ResourceMetrics resource_metrics = 1; }
`).root;
const traces = schema.lookupType('Traces');
const metrics = schema.lookupType('Metrics');

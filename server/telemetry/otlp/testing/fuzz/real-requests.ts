import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { SeverityNumber } from '@opentelemetry/api-logs';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { AggregationType, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { LogsRequest, MetricsRequest, TraceRequest } from '../../messages.ts';
import { decodeBounded } from '../../size-limits.ts';
import type { Message, Type } from 'protobufjs';

export interface RealRequest {
  path: '/v1/traces' | '/v1/metrics' | '/v1/logs';
  type: Type;
  protobuf: Uint8Array;
  /** The same in OTLP's JSON encoding. */
  json: unknown;
}

const TYPES = { '/v1/traces': TraceRequest, '/v1/metrics': MetricsRequest, '/v1/logs': LogsRequest };

/** One request of each signal, as OpenTelemetry's SDK sends it: what they are made of covers all that we decode. */
export async function realRequests(): Promise<RealRequest[]> {
  const received: RealRequest[] = [];
  const server = createServer((request, response) => {
    void buffer(request).then((protobuf) => {
      const path = request.url as keyof typeof TYPES;
      received.push({ path, type: TYPES[path], protobuf, json: toJson(TYPES[path], protobuf) });
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  await sendAll(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  server.closeAllConnections();
  server.close();
  return received;
}

async function sendAll(url: string): Promise<void> {
  const resource = resourceFromAttributes({
    'service.name': 'payments',
    'service.namespace': 'shop',
    'k8s.pod.name': 'p-1',
  });
  const exporter = new OTLPTraceExporter({ url: `${url}/v1/traces` });
  const tracing = new NodeTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(exporter)] });
  const tracer = tracing.getTracer('fuzz');
  const served = tracer.startSpan('POST /charges', {
    kind: SpanKind.SERVER,
    attributes: {
      'http.request.method': 'POST',
      'http.route': '/charges',
      'http.response.status_code': 502,
      tags: ['a', 'b'],
    },
  });
  const inside = trace.setSpan(context.active(), served);
  const client = {
    kind: SpanKind.CLIENT,
    attributes: { 'server.address': 'bank', 'breakwater.customer': true, ratio: 0.5 },
  };
  tracer.startSpan('POST', client, inside).addEvent('retrying').end();
  const opened = { 'circuit_breaker.name': 'payments>bank', 'circuit_breaker.to': 'open' };
  tracer.startSpan('circuit_breaker.transition', { attributes: opened }, inside).end();
  const sent = tracer.startSpan(
    'send',
    { kind: SpanKind.PRODUCER, attributes: { 'messaging.system': 'kafka' } },
    inside,
  );
  sent.end();
  tracer.startSpan('process', { kind: SpanKind.CONSUMER, links: [{ context: sent.spanContext() }] }).end();
  served.setStatus({ code: SpanStatusCode.ERROR, message: 'bank is slow' }).end();

  const reader = new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter({ url: `${url}/v1/metrics` }) });
  const views = [
    { instrumentName: 'exponential', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM as const } },
  ];
  const metrics = new MeterProvider({ resource, readers: [reader], views });
  const meter = metrics.getMeter('fuzz');
  meter.createUpDownCounter('http.server.active_requests').add(3, { 'http.request.method': 'GET' });
  meter.createGauge('circuit_breaker.state').record(2, { 'circuit_breaker.name': 'payments>bank' });
  for (const name of ['loadgen.sent', 'loadgen.dropped']) meter.createCounter(name).add(7);
  for (const name of ['plain', 'exponential']) meter.createHistogram(name).record(0.25);

  const logExporter = new OTLPLogExporter({ url: `${url}/v1/logs` });
  const logging = new LoggerProvider({
    resource,
    processors: [new SimpleLogRecordProcessor({ exporter: logExporter })],
  });
  logging.getLogger('fuzz').emit({
    ...{
      severityNumber: SeverityNumber.ERROR,
      severityText: 'ERROR',
      body: { text: 'the bank', tries: [1, 2.5, null] },
    },
    ...{ attributes: { order: 7, exception: { type: 'Error', deep: { er: true } } }, context: inside },
  });
  for (const provider of [tracing, metrics, logging]) {
    await provider.forceFlush();
    await provider.shutdown();
  }
}

/** OTLP's JSON has its ids in hexadecimal, other bytes in base64. */
function toJson(type: Type, protobuf: Uint8Array): unknown {
  const plain = type.toObject(decodeBounded(type, protobuf) as Message, { longs: String, bytes: String });
  return JSON.parse(JSON.stringify(plain), (key, value: unknown) =>
    /^(trace|span|parentSpan)Id$/.test(key) ? Buffer.from(value as string, 'base64').toString('hex') : value,
  );
}

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import type { ScopeTelemetry } from '../scope-telemetry.ts';
import { Telemetry } from '../telemetry.ts';
import { ErrorInfo, ExportResponse, RpcStatus } from './messages.ts';
import { MAX_INFLATED_BYTES } from './request-body.ts';
import { receiveOtlp } from './receiver.ts';

const PROTOBUF = 'application/x-protobuf';
const json = { 'content-type': 'application/json' };
const resource = resourceFromAttributes({
  'service.name': 'payments',
  'service.namespace': 'shop',
  'k8s.pod.name': 'payments-1',
});

let telemetry: ScopeTelemetry;
let server: Server;
let url: string;

before(async () => {
  const received = new Telemetry();
  telemetry = received.scope('shop');
  server = createServer((request, response) => {
    const headers = new Headers(request.headers as Record<string, string>);
    const body = request.iterator({ destroyOnReturn: false });
    void receiveOtlp({ method: request.method!, path: request.url!, headers, body }, received).then((answer) => {
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

function post(path: string, body: Uint8Array | string, headers: Record<string, string>): Promise<Response> {
  return fetch(url + path, { method: 'POST', body: body as BodyInit, headers });
}

/** A whole JSON trace request with one span, changed by `span`. */
function traceJson(span: object = {}): string {
  const now = BigInt(Date.now()) * 1_000_000n;
  const whole = {
    traceId: '5b8efff798038103d269b633813fc60c',
    spanId: 'eee19b7ec3c1b174',
    name: 'POST /charges',
    kind: 2,
    startTimeUnixNano: String(now - 25_000_000n),
    endTimeUnixNano: String(now),
    attributes: [{ key: 'http.response.status_code', value: { intValue: '503' } }],
    ...span,
  };
  const about = { 'service.name': 'bank', 'k8s.namespace.name': 'shop' };
  const attributes = Object.entries(about).map(([key, stringValue]) => ({ key, value: { stringValue } }));
  return JSON.stringify({ resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans: [whole] }] }] });
}

async function refusal(response: Response): Promise<{ status: number; reason: string; message: string }> {
  if (response.headers.get('content-type') === PROTOBUF) {
    const status = RpcStatus.toObject(RpcStatus.decode(new Uint8Array(await response.arrayBuffer())));
    const info = ErrorInfo.toObject(ErrorInfo.decode(status['details'][0].value));
    return { status: response.status, reason: info['reason'], message: status['message'] };
  }
  const status = (await response.json()) as { message: string; details: { reason: string }[] };
  return { status: response.status, reason: status.details[0]!.reason, message: status.message };
}

describe('OTLP/HTTP receiver', () => {
  for (const compression of ['none', 'gzip']) {
    test(`takes in the spans that the OpenTelemetry SDK sends (${compression})`, async () => {
      const exporter = new OTLPTraceExporter({ url: `${url}/v1/traces`, compression: compression as never });
      const provider = new NodeTracerProvider({ resource, spanProcessors: [new SimpleSpanProcessor(exporter)] });
      const tracer = provider.getTracer('test');
      const server = tracer.startSpan('POST', { kind: SpanKind.SERVER, attributes: { 'url.path': '/charges/7' } });
      server.setAttributes({
        'http.request.method': 'POST',
        'http.response.status_code': 502,
        tags: ['a', 'b'],
        cached: false,
      });
      server.addEvent('retrying');
      server.setStatus({ code: SpanStatusCode.ERROR, message: 'bank is slow' });
      server.end();
      await provider.forceFlush();
      await provider.shutdown();

      const trace = telemetry.trace(server.spanContext().traceId);
      assert.equal(trace?.name, 'POST /charges/7');
      assert.equal(trace?.error, true);
      const [span] = trace.tree;
      assert.equal(span?.service, 'payments');
      assert.equal(span?.pod, 'payments-1');
      assert.equal(span?.kind, 'server');
      assert.equal(span?.message, 'bank is slow');
      assert.equal(span?.parentId, null);
      assert.equal(span?.attributes['tags'], '["a","b"]');
      assert.equal(span?.attributes['cached'], false);
      assert.equal(span?.attributes['http.response.status_code'], 502);
      assert.deepEqual(
        span?.events.map((event) => event.name),
        ['retrying'],
      );
    });
  }

  test('takes in the metrics that the OpenTelemetry SDK sends', async () => {
    const exporter = new OTLPMetricExporter({ url: `${url}/v1/metrics` });
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 });
    const provider = new MeterProvider({ resource, readers: [reader] });
    const meter = provider.getMeter('test');
    const active = meter.createUpDownCounter('http.server.active_requests');
    active.add(3, { 'http.request.method': 'GET' });
    active.add(2, { 'http.request.method': 'POST' });
    meter.createGauge('circuit_breaker.state').record(2, { 'circuit_breaker.name': 'payments>bank' });
    await provider.forceFlush();
    await provider.shutdown();

    assert.equal(telemetry.inFlight('payments'), 5);
    assert.equal(telemetry.breaker('payments>bank')?.state, 'open');
    assert.equal(telemetry.breaker('payments>bank')?.trips, 0);
  });

  test('takes in JSON and answers in JSON', async () => {
    const response = await post('/v1/traces', traceJson(), { 'content-type': 'application/json; charset=utf-8' });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'application/json');
    assert.deepEqual(await response.json(), {});
    assert.equal(telemetry.trace('5b8efff798038103d269b633813fc60c')?.error, true);
  });

  test('takes brackets and commas in a text for what they are', async () => {
    const traceId = '44'.repeat(16);
    const text = `${'[{,'.repeat(30_000)}\\"`;
    const response = await post('/v1/traces', traceJson({ traceId, name: text }), json);
    assert.equal(response.status, 200);
    assert.match(telemetry.trace(traceId)!.name, /^\[\{,/);
  });

  test('answers a partial success when a span cannot be placed, and keeps the others', async () => {
    const request = JSON.parse(traceJson({ traceId: '11'.repeat(16) }));
    const spans = request.resourceSpans[0].scopeSpans[0].spans;
    spans.push(
      { ...spans[0], traceId: '22' },
      { ...spans[0], spanId: '33'.repeat(8), endTimeUnixNano: '5', startTimeUnixNano: '4' },
    );
    const response = await post('/v1/traces', JSON.stringify(request), { 'content-type': 'application/json' });
    assert.equal(response.status, 200);
    const { partialSuccess } = (await response.json()) as { partialSuccess: Record<string, string> };
    assert.equal(partialSuccess['rejectedSpans'], '2');
    assert.match(partialSuccess['errorMessage']!, /trace id/);
    assert.equal(telemetry.trace('11'.repeat(16))?.spans, 1);
  });

  test('values that JSON has no form for are turned down as metrics, and text as attributes', async () => {
    const values = [NaN, Infinity, 1.5].map((asDouble) => ({ asDouble: String(asDouble) }));
    const dataPoints = values.map(({ asDouble }) => ({ asDouble: asDouble === '1.5' ? 1.5 : asDouble }));
    const metrics = [{ name: 'odd', gauge: { dataPoints } }];
    const attributes = [{ key: 'service.namespace', value: { stringValue: 'shop' } }];
    const request = { resourceMetrics: [{ resource: { attributes }, scopeMetrics: [{ metrics }] }] };
    const answer = (await (await post('/v1/metrics', JSON.stringify(request), json)).json()) as {
      partialSuccess: Record<string, string>;
    };
    assert.equal(answer.partialSuccess['rejectedDataPoints'], '2');
    assert.match(answer.partialSuccess['errorMessage']!, /finite/);
    assert.deepEqual(
      telemetry.metrics({ name: 'odd' }).map(({ points }) => points.map(({ value }) => value)),
      [[1.5]],
    );

    const traceId = '55'.repeat(16);
    const odd = [
      { key: 'ratio', value: { doubleValue: 'NaN' } },
      { key: '__proto__', value: { stringValue: 'x' } },
    ];
    await post('/v1/traces', traceJson({ traceId, attributes: odd }), json);
    assert.deepEqual(Object.entries(telemetry.trace(traceId)!.tree[0]!.attributes), [['ratio', 'NaN']]);
  });

  test('an empty protobuf request is a success with an empty answer', async () => {
    const response = await post('/v1/traces', new Uint8Array(), { 'content-type': PROTOBUF });
    assert.equal(response.status, 200);
    assert.deepEqual(ExportResponse.toObject(ExportResponse.decode(new Uint8Array(await response.arrayBuffer()))), {});
  });

  const bomb = gzipSync(Buffer.alloc(MAX_INFLATED_BYTES + 1));
  const deep = `${'{"arrayValue":{"values":['.repeat(20_000)}${']}}'.repeat(20_000)}`;
  const refusals: [string, string, Uint8Array | string, Record<string, string>, number, string][] = [
    [
      'truncated protobuf',
      '/v1/traces',
      Uint8Array.of(0x0a, 0x7f, 0x01),
      { 'content-type': PROTOBUF },
      400,
      'MALFORMED_PROTOBUF',
    ],
    ['text as protobuf', '/v1/metrics', 'not protobuf', { 'content-type': PROTOBUF }, 400, 'MALFORMED_PROTOBUF'],
    ['truncated JSON', '/v1/traces', traceJson().slice(0, -9), json, 400, 'MALFORMED_JSON'],
    ['JSON of another shape', '/v1/traces', '{"resourceSpans":{"a":1}}', json, 400, 'MALFORMED_JSON'],
    ['an id that is not hexadecimal', '/v1/traces', traceJson({ traceId: 'xyz' }), json, 400, 'MALFORMED_JSON'],
    [
      'attributes nested without end',
      '/v1/traces',
      traceJson().replace('{"intValue":"503"}', deep),
      json,
      400,
      'MALFORMED_JSON',
    ],
    ['values without end', '/v1/traces', `{"resourceSpans":[${'{},'.repeat(30_000)}{}]}`, json, 413, 'BODY_TOO_LARGE'],
    ['bytes that are not gzip', '/v1/traces', 'plain', { ...json, 'content-encoding': 'gzip' }, 400, 'MALFORMED_GZIP'],
    [
      'truncated gzip',
      '/v1/traces',
      gzipSync(traceJson()).subarray(0, 90),
      { ...json, 'content-encoding': 'gzip' },
      400,
      'MALFORMED_GZIP',
    ],
    [
      'a gzip bomb',
      '/v1/traces',
      bomb,
      { 'content-type': PROTOBUF, 'content-encoding': 'gzip' },
      413,
      'BODY_TOO_LARGE',
    ],
    ['another encoding', '/v1/traces', 'x', { ...json, 'content-encoding': 'br' }, 415, 'UNSUPPORTED_CONTENT_ENCODING'],
    ['another content type', '/v1/traces', 'x', { 'content-type': 'text/plain' }, 415, 'UNSUPPORTED_CONTENT_TYPE'],
    ['another path', '/v1/profiles', '{}', json, 404, 'UNKNOWN_PATH'],
  ];
  for (const [what, path, body, headers, status, reason] of refusals) {
    test(`refuses ${what} with a coded google.rpc.Status and changes nothing`, async () => {
      const usage = telemetry.traceUsage();
      const refused = await refusal(await post(path, body, headers));
      assert.deepEqual([refused.status, refused.reason], [status, reason]);
      assert.ok(refused.message.length > 10);
      assert.deepEqual(telemetry.traceUsage(), usage);
    });
  }

  test('refuses a 50 MB body early, and the next request on a new connection is answered', async () => {
    const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1' });
    // The server may close the connection while we still write.
    socket.on('error', () => undefined);
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk));
    socket.write(
      `POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: ${PROTOBUF}\r\nContent-Length: ${50 * 1024 * 1024}\r\n\r\n`,
    );
    const chunk = Buffer.alloc(1024 * 1024);
    for (let sent = 0; sent < 50 && answer === '' && !socket.destroyed; sent++) {
      if (!socket.write(chunk))
        await Promise.race([once(socket, 'drain'), once(socket, 'data'), once(socket, 'close')]);
    }
    if (answer === '') await once(socket, 'data');
    assert.match(answer, /^HTTP\/1\.1 413 /);
    socket.destroy();
    assert.equal((await post('/v1/traces', traceJson(), json)).status, 200);
  });

  test('offers only POST', async () => {
    const refused = await refusal(await fetch(`${url}/v1/traces`));
    assert.deepEqual([refused.status, refused.reason], [405, 'METHOD_NOT_ALLOWED']);
  });
});

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../testing/eventually.ts';
import { startOtlpSink, type OtlpSink, type ReceivedSpan } from '../testing/otlp-sink.ts';
import { startShop, type RunningShop } from '../testing/running-shop.ts';
import { buildTelemetry } from './build.ts';

describe('the telemetry of a running shop', () => {
  let shop: RunningShop;
  let sink: OtlpSink;
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'telemetry-'));
    sink = await startOtlpSink();
    shop = await startShop({
      telemetry: { endpoint: sink.endpoint, preload: await buildTelemetry(join(folder, 'telemetry.cjs')) },
      environment: { loadgen: { LOAD_RATE: '10' } },
    });
  });
  after(async () => {
    await shop?.stop();
    sink?.close();
    await rm(folder, { recursive: true });
  });

  /** The spans of one checkout from the load generator, once the last of them has come. */
  const checkout = () =>
    eventually('the whole trace of a checkout', () => {
      const root = sink.spans.find(({ service, name, failed }) => {
        return service === 'loadgen' && name === 'POST /api/orders' && !failed;
      });
      const spans = sink.spans.filter(({ traceId }) => traceId === root?.traceId);
      const served = new Set(spans.filter(({ kind }) => kind === 'server').map(({ service }) => service));
      return root && served.size === 5 ? spans : undefined;
    });

  it('joins one checkout through all services into one trace, each hop a client span and the server span below it', async () => {
    const spans = await checkout();
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    const hops = spans
      .filter(({ kind }) => kind === 'server')
      .map((server) => {
        const client = byId.get(server.parentSpanId);
        assert.equal(client?.kind, 'client', `${server.service} has a client span above it`);
        return `${client?.service} > ${server.service}: ${server.name}`;
      });
    assert.deepEqual(hops.sort(), [
      'gateway > orders: POST /orders',
      'loadgen > gateway: POST /api/orders',
      'orders > inventory: POST /reservations',
      'orders > payments: POST /charges',
      'payments > bank: POST /charges',
    ]);
  });

  it('has the queries of the services in the trace, but not those of the bank', async () => {
    const querying = (await checkout()).filter(({ attributes }) => attributes['db.system.name'] === 'postgresql');
    assert.deepEqual([...new Set(querying.map(({ service }) => service))].sort(), ['inventory', 'orders', 'payments']);
    assert.ok(
      querying.every(({ kind, attributes }) => kind === 'client' && attributes['server.address'] === '127.0.0.1'),
    );
  });

  it('names destination, route and status by the semantic conventions', async () => {
    const find = (spans: ReceivedSpan[], service: string, kind: string) =>
      spans.find((span) => span.service === service && span.kind === kind && span.attributes['http.request.method'])!;
    const spans = await checkout();
    assert.equal(find(spans, 'payments', 'client').attributes['server.address'], 'localhost');
    assert.equal(find(spans, 'gateway', 'server').attributes['http.route'], '/api/orders');
    assert.equal(find(spans, 'bank', 'server').attributes['http.response.status_code'], 201);
    const resource = sink.resources.find((about) => about['service.name'] === 'bank')!;
    assert.equal(resource['k8s.pod.name'], 'bank-test');
    assert.match(String(resource['service.instance.id']), /^[0-9a-f-]{36}$/);
  });

  it('lets services log to which trace and span a line belongs', async () => {
    await shop.bankBehaves({ behaviour: 'failing', parameters: { percent: 100 } });
    await shop.order(await shop.login());
    await shop.bankBehaves();
    const { log } = shop.services.orders;
    const failed = await eventually('the line of an order that failed', () =>
      log.find(({ message, failure }) => message === 'Order failed' && failure === 'payment-failed'),
    );
    assert.equal(failed['level'], 'warn');
    assert.match(String(failed['correlation_id']), /^[\w.:-]+$/);
    const span = await eventually('its span', () => sink.spans.find(({ spanId }) => spanId === failed['span_id']));
    assert.deepEqual([span.traceId, span.service, span.kind], [failed['trace_id'], 'orders', 'server']);
    assert.ok(log.some(({ message, trace_id }) => message === 'Listening' && trace_id === undefined));
  });

  it('sends spans again whose connection broke late', async () => {
    const lost = await sink.breakNextSpans(1500);
    assert.ok(lost.length > 0);
    await eventually('all of them', () => {
      const come = new Set(sink.spans.map(({ spanId }) => spanId));
      return lost.every((id) => come.has(id)) || undefined;
    });
  });

  it('sends the last span of a service that ends', async () => {
    await fetch(`${shop.services.users.url}/last-words`);
    await shop.services.users.stop();
    await eventually('its last words', () =>
      sink.spans.find(({ attributes }) => attributes['url.path'] === '/last-words'),
    );
  });

  it('traces neither probes nor administration nor its own exports', async () => {
    await checkout();
    await fetch(`${shop.admin.bank}/behaviour`);
    await shop.services.bank.stop();
    const paths = new Set(sink.spans.map(({ attributes }) => String(attributes['url.path'])));
    assert.ok(paths.has('/charges'));
    for (const path of ['/healthz', '/readyz', '/behaviour', '/v1/traces', '/v1/metrics'])
      assert.ok(!paths.has(path), path);
  });

  it('counts the load and the requests in flight', async () => {
    const last = (service: string, name: string) =>
      sink.metrics.findLast((metric) => metric.service === service && metric.name === name)?.value;
    await eventually('the load generator has counted', () =>
      (last('loadgen', 'loadgen.sent') ?? 0) > 5 ? true : undefined,
    );
    assert.equal(last('loadgen', 'loadgen.rate'), 10);
    await eventually(
      'the gateway reports requests in flight',
      () => last('gateway', 'http.server.active_requests') !== undefined || undefined,
    );
  });
});

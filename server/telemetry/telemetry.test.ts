import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { MetricPoint } from './otlp/metric-points.ts';
import { Telemetry } from './telemetry.ts';
import { aSpan } from './testing/span-fixture.ts';
import { shopTelemetry, type ShopTelemetry } from './testing/shop-telemetry.ts';

const START = 1_800_000_000_000;

function setUp() {
  const time = { now: START };
  return { time, telemetry: shopTelemetry({ clock: () => time.now }) };
}

function point(part: Partial<MetricPoint> & { name: string; value: number; at: number }): MetricPoint {
  return { service: 'orders', pod: 'orders-1', attributes: {}, since: START, ...part };
}

const call = (part: Parameters<typeof aSpan>[0]) =>
  aSpan({ kind: 'client', service: 'payments', attributes: { 'server.address': 'bank' }, ...part });

describe('series', () => {
  test('requests count in the second they ended in, whatever second they began in', () => {
    const { telemetry, time } = setUp();
    telemetry.ingestTraces([
      aSpan({ end: START + 1100, start: START + 900 }),
      aSpan({ end: START + 1200, failed: true }),
    ]);
    time.now = START + 2500;
    const [gateway] = telemetry.signals(['gateway'], 60);
    assert.deepEqual(
      gateway?.points.map(({ t, count, errors }) => ({ t, count, errors })),
      [{ t: START / 1000 + 1, count: 2, errors: 1 }],
    );
  });

  test('a late span amends its second, and readers of changes get that second again', () => {
    const { telemetry, time } = setUp();
    telemetry.ingestTraces([aSpan({ end: START + 500 })]);
    time.now = START + 5500;
    const first = telemetry.pointsSince(null);
    assert.deepEqual(
      first.signals['gateway']?.map((p) => p.count),
      [1, 0, 0, 0, 0],
    );
    assert.deepEqual(telemetry.pointsSince(first.cursor).signals, {}, 'nothing changed, so nothing is said');

    telemetry.ingestTraces([aSpan({ end: START + 900, start: START })]);
    const second = telemetry.pointsSince(first.cursor);
    assert.deepEqual(
      second.signals['gateway']?.map((p) => [p.t, p.count]),
      [[START / 1000, 2]],
    );

    time.now = START + 6500;
    const third = telemetry.pointsSince(second.cursor);
    assert.deepEqual(
      third.signals['gateway']?.map((p) => [p.t, p.count]),
      [[START / 1000 + 5, 0]],
    );
  });

  test('spans of before the window or of the future are turned down, and counted as such', () => {
    const { telemetry } = setUp();
    const answer = telemetry.ingestTraces([
      aSpan({ end: START - 901_000 }),
      aSpan({ end: START + 60_000 }),
      aSpan({ end: START }),
    ]);
    assert.equal(answer.rejected, 2);
    assert.equal(telemetry.traceUsage().traces, 1);
  });

  test('traffic of now is of the last three reported seconds', () => {
    const { telemetry, time } = setUp();
    for (let i = 0; i < 30; i++)
      telemetry.ingestTraces([call({ end: START + i * 100, start: START + i * 100 - 40, failed: i < 6 })]);
    time.now = START + 3500;
    const traffic = telemetry.windowed('payments>bank');
    assert.equal(traffic.rate, 10);
    assert.equal(traffic.errorRatio, 0.2);
    assert.ok(Math.abs(traffic.p95! - 40) <= 0.4);
    time.now = START + 6500;
    assert.deepEqual(telemetry.windowed('payments>bank'), {
      rate: 0,
      errorRatio: null,
      p50: null,
      p95: null,
      p99: null,
    });
  });

  test('a steady load reads steady at every moment, though spans come 300 ms after their end', () => {
    const { telemetry, time } = setUp();
    for (let now = START; now < START + 9000; now += 50) {
      time.now = now;
      telemetry.ingestTraces([call({ end: now - 300 })]);
      if (now < START + 5000) continue;
      assert.equal(telemetry.windowed('payments>bank').rate, 20, `after ${now - START} ms`);
      assert.equal(telemetry.edges()[0]?.rate, 20);
      for (const { points } of telemetry.signals(['payments>bank'], 3)) {
        assert.deepEqual(
          points.map(({ count }) => count),
          [20, 20, 20],
        );
      }
    }
  });

  test('a batch that is sent again is counted once, in series and in calls', () => {
    const { telemetry, time } = setUp();
    const calls: string[] = [];
    telemetry.onEdgeCall(({ edge }) => calls.push(edge));
    const batch = [call({ end: START }), aSpan({ end: START })];
    for (let sent = 0; sent < 2; sent++) telemetry.ingestTraces(batch);
    time.now += 5000; // by now the trace is packed
    telemetry.ingestTraces(batch);
    assert.equal(telemetry.percentiles('gateway', START, START + 1000).count, 1);
    assert.equal(telemetry.percentiles('payments>bank', START, START + 1000).count, 1);
    assert.deepEqual(calls, ['payments>bank']);
  });

  test('a span that is sent again is known although its trace was given up', () => {
    const telemetry = shopTelemetry({ clock: () => START, maxTraceBytes: 20_000 });
    const span = aSpan({ end: START });
    telemetry.ingestTraces([span]);
    for (let i = 0; i < 100; i++) telemetry.ingestTraces([aSpan({ end: START, service: 'another', failed: true })]);
    assert.equal(telemetry.trace(span.traceId), null);
    telemetry.ingestTraces([span]);
    assert.equal(telemetry.percentiles('gateway', START, START + 1000).count, 1);
  });

  test('scopes do not see each other, and a trace through two of them is in both', () => {
    const received = new Telemetry({ clock: () => START });
    const [shop, lane] = [received.scope('shop'), received.scope('lane-b')];
    const inLane = aSpan({ end: START, scope: 'lane-b' });
    received.ingestTraces([aSpan({ end: START }), aSpan({ end: START, traceId: inLane.traceId }), inLane]);
    received.ingestMetrics([
      { ...point({ name: 'http.server.active_requests', value: 3, at: START }), scope: 'lane-b' },
    ]);
    const count = (of: typeof shop) => of.percentiles('gateway', START, START + 1000).count;
    assert.deepEqual([count(shop), count(lane)], [2, 1]);
    assert.deepEqual([shop.inFlight('orders'), lane.inFlight('orders')], [null, 3]);
    assert.deepEqual([shop.traces().length, lane.traces().length], [2, 1]);
    assert.equal(lane.trace(shop.traces().find(({ spans }) => spans === 1)!.traceId), null);
  });

  test('scopes are bounded: those nobody here asked for give way, and the sender is told', () => {
    let now = START;
    const received = new Telemetry({ clock: () => now });
    received.scope('shop');
    const from = (scope: string) => received.ingestTraces([aSpan({ end: now, scope })]);
    const answers = Array.from({ length: 40 }, (_, i) => from(`made-up-${i}`));
    assert.equal(answers.filter(({ rejected }) => rejected === 1).length, 25);
    assert.match(answers.at(-1)!.reason, /16 scopes already/);
    assert.equal(from('shop').rejected, 0);
    now += 900_001;
    assert.equal(from('lane-b').rejected, 0);
  });

  test('percentiles between two moments leave out what lies outside', () => {
    const { telemetry, time } = setUp();
    for (let second = 0; second < 20; second++) {
      const end = START + second * 1000 + 500;
      time.now = end;
      telemetry.ingestTraces([aSpan({ end, start: end - (second < 10 ? 10 : 1000), failed: second >= 10 })]);
    }
    time.now = START + 20_000;
    const before = telemetry.percentiles('gateway', START, START + 10_000);
    assert.equal(before.count, 10);
    assert.equal(before.errors, 0);
    assert.ok(before.p99! < 11);
    const after = telemetry.percentiles('gateway', START + 10_000, START + 20_000);
    assert.deepEqual([after.count, after.errors, after.seconds], [10, 10, 10]);
    assert.ok(after.p50! > 980);
  });

  test('routes of the gateway have series of their own, and ids in paths make no routes', () => {
    const { telemetry } = setUp();
    const served = (method: string, path: string) =>
      aSpan({ end: START, attributes: { 'http.request.method': method, 'url.path': path } });
    telemetry.ingestTraces([
      served('POST', '/api/orders'),
      served('GET', '/api/products/17'),
      served('GET', '/api/products/18'),
    ]);
    const count = (id: string) => telemetry.percentiles(id, START, START + 1000).count;
    assert.deepEqual([count('gateway GET /api/products'), count('gateway POST /api/orders')], [2, 1]);
  });

  test('the number of operations is bounded; the rest share one series', () => {
    const { telemetry } = setUp();
    for (let i = 0; i < 200; i++) {
      telemetry.ingestTraces([
        aSpan({ end: START, attributes: { 'http.request.method': 'GET', 'http.route': `/r${i}` } }),
      ]);
    }
    assert.equal(telemetry.percentiles('gateway other', START, START + 1000).count, 136);
  });

  test('a message that is delivered again is a retry of its edge', () => {
    const { telemetry, time } = setUp();
    const broker = { 'messaging.system': 'rabbitmq', 'server.address': 'rabbitmq' };
    const handled = (redelivered?: boolean) =>
      call({
        ...{ end: START, kind: 'consumer', service: 'payments' },
        attributes: { ...broker, ...(redelivered && { 'messaging.message.redelivered': true }) },
      });
    telemetry.ingestTraces([handled(), handled(true), handled(true), handled(true)]);
    time.now += 1500;
    const edge = telemetry.edges().find(({ id }) => id === 'rabbitmq>payments')!;
    assert.equal(edge.rate, edge.retryRate + 1 / 3);
  });

  test('retries, timeouts and rejections have rates of their own, and a rejection is no call', () => {
    const { telemetry, time } = setUp();
    const bank = { 'server.address': 'bank.shop.svc.cluster.local' };
    telemetry.ingestTraces([
      call({ end: START, attributes: { ...bank, 'http.request.resend_count': 1 } }),
      call({ end: START, failed: true, attributes: { ...bank, 'error.type': 'timeout' } }),
      call({
        end: START,
        kind: 'internal',
        name: 'circuit_breaker.rejected',
        failed: true,
        attributes: { 'circuit_breaker.name': 'payments>bank', 'error.type': 'circuit_open' },
      }),
    ]);
    telemetry.ingestMetrics([
      point({
        name: 'circuit_breaker.state',
        value: 2,
        at: START,
        pod: 'payments-1',
        attributes: { 'circuit_breaker.name': 'payments>bank' },
      }),
    ]);
    time.now += 1500;
    const [edge] = telemetry.edges();
    assert.deepEqual(
      [edge?.id, edge?.retryRate, edge?.timeoutRate, edge?.breaker?.rejectedRate, edge?.rate],
      ['payments>bank', 1 / 3, 1 / 3, 1 / 3, 2 / 3],
    );
  });

  test('an answer in the 400s is not a failure, though client spans mark it', async () => {
    const { hasFailed } = await import('./span.ts');
    assert.equal(hasFailed(true, { 'http.response.status_code': 404 }), false);
    assert.equal(hasFailed(false, { 'http.response.status_code': 503 }), true);
    assert.equal(hasFailed(true, {}), true);
    assert.equal(hasFailed(true, { 'http.response.status_code': 200 }), true, 'the answer broke off');
  });
});

test('sixty services with two hundred calls between them are each told of', () => {
  const { telemetry, time } = setUp();
  const calls = Array.from({ length: 200 }, (_, i) =>
    call({
      end: START,
      service: `service-${i % 60}`,
      attributes: { 'server.address': `service-${(i * 7 + 1) % 59}-${i}` },
    }),
  );
  telemetry.ingestTraces([...calls, ...calls.map(({ service }) => aSpan({ end: START, service }))]);
  time.now += 1500;
  assert.deepEqual([telemetry.services().length, telemetry.edges().length], [60, 200]);
});

describe('requests in flight', () => {
  test('add up over pods, and a pod that fell silent is forgotten after 3 s', () => {
    const { telemetry, time } = setUp();
    const active = (pod: string, value: number) =>
      telemetry.ingestMetrics([point({ name: 'http.server.active_requests', pod, value, at: time.now })]);
    active('orders-1', 4);
    active('orders-2', 7);
    assert.equal(telemetry.inFlight('orders'), 11);
    time.now += 2000;
    active('orders-1', 5);
    time.now += 1501;
    assert.equal(telemetry.inFlight('orders'), 5);
    assert.equal(telemetry.signals(['orders'], 60)[0]?.points.at(-1)?.inFlight, 12);
    time.now += 3000;
    assert.equal(telemetry.inFlight('orders'), null);
  });
});

describe('load', () => {
  const report = (telemetry: ShopTelemetry, at: number, sent: number) =>
    telemetry.ingestMetrics([
      point({ name: 'loadgen.rate', value: 60, at, pod: 'loadgen-1' }),
      point({ name: 'loadgen.sent', value: sent, at, pod: 'loadgen-1' }),
      point({ name: 'loadgen.dropped', value: sent / 10, at, pod: 'loadgen-1' }),
    ]);

  test('is read from the counters, also when the generator starts anew', () => {
    const { telemetry, time } = setUp();
    for (let i = 0; i <= 4; i++) report(telemetry, (time.now = START + i * 500), 1000 + i * 30);
    assert.deepEqual(telemetry.load(), { rate: 60, sent: 60, dropped: 6, open: 0, oldestMs: 0 });
    report(telemetry, (time.now += 500), 20);
    report(telemetry, (time.now += 500), 40);
    assert.deepEqual(telemetry.load(), { rate: 60, sent: 40, dropped: 4, open: 0, oldestMs: 0 });
    time.now += 3001;
    assert.equal(telemetry.load(), null);
  });

  test('drops that no generator can have are none, and parts of one are not counted', () => {
    const { telemetry, time } = setUp();
    const dropped = (value: number) =>
      telemetry.ingestMetrics([point({ name: 'loadgen.dropped', value, at: time.now, pod: 'loadgen-1' })]);
    for (const value of [0, 7.5, 900_000_000_000, 1e308, -1e308]) {
      dropped(value);
      time.now += 500;
    }
    time.now += 3000;
    assert.equal(telemetry.percentiles('customer', START, time.now).count, 7);
  });
});

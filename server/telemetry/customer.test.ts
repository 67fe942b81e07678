import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Health } from '../health.ts';
import type { Cluster } from '../../cluster/client/cluster.ts';
import { customerView } from './customer.ts';
import type { MetricPoint } from './otlp/metric-points.ts';
import type { CustomerCall } from './measured-calls.ts';
import { shopTelemetry } from './testing/shop-telemetry.ts';
import { aSpan } from './testing/span-fixture.ts';

const start = 1_800_000_000_000;
const connected = { view: { connected: true } } as Cluster;

/** A shop whose load generator reports what it is told to. */
function shop() {
  let now = start;
  const telemetry = shopTelemetry({ clock: () => now });
  const health = new Health(telemetry, { now: () => now });
  const calls: CustomerCall[] = [];
  telemetry.onCustomerCall((call) => calls.push(call));
  return {
    telemetry,
    calls,
    view: () => customerView(telemetry),
    wrong: () => health.wrong(connected),
    pass: (ms: number) => (now += ms),
    report(values: Partial<Record<'rate' | 'open' | 'oldest_request_age' | 'sent' | 'dropped', number>>) {
      const base = { service: 'loadgen', pod: 'loadgen-1', attributes: {}, since: start, at: now };
      const points = Object.entries(values).map(([name, value]): MetricPoint => ({
        ...base,
        name: `loadgen.${name}`,
        value,
      }));
      telemetry.ingestMetrics(points);
    },
    orders(count: number, part: { failed?: boolean; ms?: number; timeout?: boolean } = {}) {
      const { failed = false, ms = 20, timeout = false } = part;
      const attributes = {
        ...{ 'breakwater.customer': true, 'http.request.method': 'POST', 'url.template': '/api/orders' },
        ...{ 'server.address': 'gateway', ...(timeout && { 'error.type': 'timeout' }) },
      };
      const span = { service: 'loadgen', kind: 'client', failed, attributes, start: now - ms, end: now - 1 } as const;
      telemetry.ingestTraces(Array.from({ length: count }, () => aSpan(span)));
    },
  };
}

describe('the shop as customers meet it', () => {
  test('is measured at the customer, whatever the gateway says of itself', () => {
    const { telemetry, report, orders, view, pass } = shop();
    report({ rate: 30, open: 0, oldest_request_age: 0 });
    orders(30, { ms: 900 });
    telemetry.ingestTraces(Array.from({ length: 30 }, () => aSpan({ end: start - 1, start: start - 5 })));
    pass(1_600);
    const { rate, errorRatio, p95, reason } = view();
    assert.deepEqual([rate, errorRatio, reason], [10, 0, null]);
    assert.ok(p95! > 880 && p95! < 910);
  });

  test('a gateway that is frozen looks frozen: nothing ends, and customers wait', () => {
    const { report, orders, view, wrong, pass } = shop();
    report({ rate: 30, open: 2, oldest_request_age: 12 });
    orders(10);
    assert.equal(wrong(), null);
    pass(11_000);
    report({ rate: 30, open: 330, oldest_request_age: 9_400 });
    const { rate, errorRatio, reason } = view();
    assert.deepEqual([rate, errorRatio, reason], [0, null, '330 requests hang, the oldest for 9 s']);
    assert.match(wrong() ?? '', /No order has ended in the last 5 s; 330 requests of customers are open/);
  });

  test('customers who gave up have failed', () => {
    const { report, orders, view, wrong, pass, calls } = shop();
    report({ rate: 30, open: 300, oldest_request_age: 9_990 });
    orders(5);
    pass(11_000);
    orders(30, { failed: true, timeout: true, ms: 10_000 });
    report({ rate: 30, open: 300, oldest_request_age: 9_990 });
    assert.equal(calls.at(-1)?.outcome, 'timeout');
    assert.match(wrong() ?? '', /No order was accepted in the last 5 s, of 30/);
    pass(1_500);
    assert.equal(view().errorRatio, 1);
  });

  test('an arrival that was not sent is a failure, and a generator heard for the first time has dropped none', () => {
    const { report, orders, telemetry, view, pass, calls } = shop();
    report({ rate: 30, open: 2_000, oldest_request_age: 10_000, sent: 900, dropped: 700 });
    assert.deepEqual(calls, []);
    orders(10);
    report({ rate: 30, open: 2_000, oldest_request_age: 10_000, dropped: 730 });
    report({ rate: 30, open: 2_000, oldest_request_age: 10_000, dropped: 730 });
    assert.deepEqual(calls.at(-1), { operation: 'not sent', outcome: 'dropped', count: 30 });
    pass(1_500);
    assert.equal(view().errorRatio, 0.75);
    assert.equal(telemetry.percentiles('customer', start - 1000, start + 1000).count, 40);
  });

  test('operations that nobody foresaw share one name, however many there are', () => {
    const { telemetry, calls } = shop();
    const base = { 'breakwater.customer': true, 'http.request.method': 'GET', 'server.address': 'gateway' };
    const spans = Array.from({ length: 500 }, (_, i) =>
      aSpan({
        service: 'loadgen',
        kind: 'client',
        end: start - 1,
        attributes: { ...base, 'url.template': `/made-up/${i}` },
      }),
    );
    telemetry.ingestTraces(spans);
    assert.equal(calls.length, 500);
    const names = new Set(calls.map(({ operation }) => operation));
    assert.ok(names.size <= 33 && names.has('other'), `${names.size} names`);
  });

  test('without a load generator nobody knows', () => {
    const { report, orders, view, wrong, pass } = shop();
    report({ rate: 30, open: 2 });
    orders(5);
    pass(20_000);
    assert.deepEqual([view().errorRatio, view().open], [null, null]);
    assert.equal(view().reason, 'the load generator does not report');
    assert.match(wrong() ?? '', /load generator does not report/);
  });

  test('with the load at 0 nobody shops, and that is no failure', () => {
    const { report, orders, view, wrong, pass } = shop();
    report({ rate: 30, open: 0 });
    orders(5);
    pass(20_000);
    report({ rate: 0, open: 0, oldest_request_age: 0 });
    assert.deepEqual([view().errorRatio, view().reason], [null, 'nobody shops: the load is 0']);
    assert.equal(wrong(), null);
  });

  test('before the first order, and while the cluster is away, the health says so', () => {
    const { wrong, telemetry } = shop();
    assert.match(wrong() ?? '', /not accepted an order yet/);
    assert.match(new Health(telemetry).wrong(null) ?? '', /cluster is not connected/);
    const disk = () => 'The disk is full.';
    assert.equal(new Health(telemetry, { disk }).wrong(null), disk(), 'which is why');
  });
});

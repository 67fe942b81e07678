import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ledger } from '../../contract/ledger.ts';
import { aSpan } from '../../telemetry/testing/span-fixture.ts';
import { shopTelemetry } from '../../telemetry/testing/shop-telemetry.ts';
import { OpenMetrics } from './open-metrics.ts';

test('writes OpenMetrics with the ledger, calls by outcome, durations and breaker states', async () => {
  const telemetry = shopTelemetry();
  let ledger: Ledger | null = null;
  const metrics = new OpenMetrics(telemetry, () => ledger);
  assert.match(await metrics.text(), /breakwater_orders_accepted_total 0\n/);

  const now = Date.now();
  const bank = (part: object) =>
    aSpan({
      end: now,
      start: now - 30,
      kind: 'client',
      service: 'payments',
      attributes: { 'server.address': 'bank', ...part },
    });
  telemetry.ingestTraces([bank({}), bank({}), { ...bank({ 'error.type': 'timeout' }), failed: true }]);
  telemetry.ingestMetrics([
    {
      name: 'circuit_breaker.state',
      service: 'payments',
      pod: 'p',
      attributes: { 'circuit_breaker.name': 'payments>bank' },
      value: 2,
      since: 0,
      at: now,
    },
  ]);
  ledger = {
    since: 0,
    countedAt: now,
    accepted: 41,
    failed: 2,
    chargedOnce: 39,
    chargedTwice: 2,
    acceptedNeverCharged: 0,
    chargedNeverAccepted: 1,
    inDoubt: 2,
    toBePaid: 3,
    refunded: 1,
    mailsTwice: 0,
    oversold: 0,
  };

  const text = await metrics.text();
  assert.match(metrics.contentType, /^application\/openmetrics-text; version=1\.0\.0/);
  assert.ok(text.endsWith('# EOF\n'), text.slice(-40));
  assert.match(text, /^# TYPE breakwater_edge_requests counter$/m);
  assert.match(text, /^breakwater_orders_accepted_total 41$/m);
  assert.match(text, /^breakwater_charged_twice_total 2$/m);
  assert.match(
    text,
    /^# TYPE breakwater_orders_never_accepted gauge$/m,
    'it falls when the order is accepted after all',
  );
  assert.match(text, /^breakwater_orders_never_accepted 1$/m);
  assert.match(text, /^breakwater_edge_requests_total\{source="payments",destination="bank",outcome="ok"\} 2$/m);
  assert.match(text, /^breakwater_edge_requests_total\{source="payments",destination="bank",outcome="timeout"\} 1$/m);
  assert.match(
    text,
    /^breakwater_edge_duration_seconds_bucket\{le="0.05",source="payments",destination="bank",outcome="ok"\} 2$/m,
  );
  assert.match(text, /^breakwater_breaker_state\{source="payments",destination="bank"\} 2$/m);
  assert.match(text, /^process_cpu_seconds_total /m);
});

test('names that come and go for ever are counted together beyond a bound', async () => {
  const telemetry = shopTelemetry();
  const metrics = new OpenMetrics(telemetry, () => null);
  const end = Date.now();
  for (let i = 0; i < 700; i++) {
    const attributes = { 'server.address': `10.0.${i >> 8}.${i & 255}` };
    telemetry.ingestTraces([aSpan({ end, kind: 'client', service: `caller-${i % 40}`, attributes })]);
  }
  const text = await metrics.text();
  const kept = text.match(/^breakwater_edge_requests_total\{/gm)!.length;
  assert.ok(kept <= 513, `${kept} label sets`);
  assert.match(text, /^breakwater_edge_requests_total\{source="[^"]*other"/m);
});

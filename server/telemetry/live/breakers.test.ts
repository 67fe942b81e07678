import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { BreakerState } from '../../contract/topology.ts';
import { Breakers } from './breakers.ts';
import type { MetricPoint } from '../otlp/metric-points.ts';
import { shopTelemetry } from '../testing/shop-telemetry.ts';
import { aSpan } from '../testing/span-fixture.ts';

const now = 1_800_000_000_000;
const edge = 'payments>bank';
const values: Record<BreakerState, number> = { closed: 0, 'half-open': 1, open: 2 };

function gauges(state: BreakerState, { pod = 'payments-1', openUntil = 0 } = {}): MetricPoint[] {
  const base = { service: 'payments', pod, since: now, at: now, attributes: { 'circuit_breaker.name': edge } };
  return [
    { ...base, name: 'circuit_breaker.state', value: values[state] },
    { ...base, name: 'circuit_breaker.open_until', value: openUntil },
  ];
}

function transition(to: BreakerState, end: number) {
  const attributes = { 'circuit_breaker.name': edge, 'circuit_breaker.to': to };
  const name = 'circuit_breaker.transition';
  return aSpan({ service: 'payments', pod: 'payments-1', kind: 'internal', name, start: end, end, attributes });
}

/** Telemetry and the changes that it tells of. */
function listening(clock: () => number) {
  const telemetry = shopTelemetry({ clock });
  const told: BreakerState[] = [];
  telemetry.onBreakerChange(({ to }) => told.push(to));
  return { telemetry, told };
}

describe('breakers', () => {
  test('the summary shows the worst over the pods that report, and the first probe', () => {
    const breakers = new Breakers();
    breakers.ingest(gauges('closed'), now);
    assert.deepEqual(breakers.summary(edge, now), { state: 'closed', openUntil: null, trips: 0 });
    breakers.ingest(gauges('open', { pod: 'payments-2', openUntil: now + 9000 }), now);
    breakers.ingest(gauges('open', { pod: 'payments-3', openUntil: now + 4000 }), now);
    assert.deepEqual(breakers.summary(edge, now), { state: 'open', openUntil: now + 4000, trips: 0 });
  });

  test('a pod that fell silent no longer counts, and without pods there is no breaker', () => {
    const breakers = new Breakers();
    breakers.ingest(gauges('open', { pod: 'old' }), now);
    breakers.ingest(gauges('half-open', { pod: 'new' }), now + 2000);
    assert.equal(breakers.summary(edge, now + 3000)?.state, 'open');
    assert.equal(breakers.summary(edge, now + 3001)?.state, 'half-open');
    assert.equal(breakers.summary(edge, now + 5001), null);
    assert.deepEqual(breakers.edges(now + 5001), []);
  });

  test('a half-open that no gauge has seen is told of, in order', () => {
    const { telemetry, told } = listening(() => now);
    telemetry.ingestTraces([transition('open', now - 30), transition('half-open', now - 20), transition('open', now)]);
    assert.deepEqual(told, ['open', 'half-open', 'open']);
  });

  test('a change that is sent again, because its answer was lost, is told of once', () => {
    const { telemetry, told } = listening(() => now);
    const batch = [transition('open', now)];
    telemetry.ingestTraces(batch);
    telemetry.ingestTraces(structuredClone(batch));
    assert.deepEqual(told, ['open']);
  });

  test('a pod that was silent, or a machine that slept, replays nothing', () => {
    let time = now;
    const { telemetry, told } = listening(() => time);
    telemetry.ingestMetrics(gauges('closed'));
    telemetry.ingestTraces([transition('open', now), transition('half-open', now), transition('closed', now)]);
    time += 3_600_000;
    telemetry.ingestMetrics(gauges('closed'));
    assert.equal(told.length, 3);
    assert.equal(telemetry.breaker(edge)?.trips, 0, 'what is older than the window is no trip of now');
  });

  test('a server that has just started makes up no changes from what the gauges say', () => {
    const { telemetry, told } = listening(() => now);
    telemetry.ingestMetrics(gauges('open'));
    assert.deepEqual(told, []);
    assert.equal(telemetry.breaker(edge)?.state, 'open');
  });

  test('no number that is received says how much is done', () => {
    const { telemetry, told } = listening(() => now);
    const [point] = gauges('closed');
    telemetry.ingestMetrics([
      ...(['closed', 'half-open', 'open'] as const).map((to) => ({
        ...point!,
        name: 'circuit_breaker.transitions',
        attributes: { ...point!.attributes, 'circuit_breaker.to': to },
        value: 900_000_000_000,
      })),
      { ...point!, value: 900_000_000_000 },
    ]);
    assert.deepEqual(told, []);
    assert.deepEqual(telemetry.breaker(edge)?.state, 'closed');
  });
});

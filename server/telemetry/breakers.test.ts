import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { BreakerState } from '../contract/topology.ts';
import { Breakers } from './breakers.ts';
import type { MetricPoint } from './otlp/metric-points.ts';

const STARTED = 1_800_000_000_000;
const EDGE = 'payments>bank';
const VALUES: Record<BreakerState, number> = { closed: 0, 'half-open': 1, open: 2 };

type Totals = Partial<Record<BreakerState, number>>;

function report(
  state: BreakerState,
  totals: Totals = {},
  options: { pod?: string; since?: number; openUntil?: number } = {},
): MetricPoint[] {
  const { pod = 'payments-1', since = STARTED + 1, openUntil = 0 } = options;
  const base = { service: 'payments', pod, since, at: STARTED };
  const attributes = { 'circuit_breaker.name': EDGE };
  return [
    { ...base, name: 'circuit_breaker.state', attributes, value: VALUES[state] },
    { ...base, name: 'circuit_breaker.open_until', attributes, value: openUntil },
    ...Object.entries(totals).map(([to, value]) => ({
      ...base,
      name: 'circuit_breaker.transitions',
      attributes: { ...attributes, 'circuit_breaker.to': to },
      value,
    })),
  ];
}

describe('breakers', () => {
  test('a half-open that no gauge has seen is told from the counter, in order', () => {
    const breakers = new Breakers(STARTED);
    const states = (points: MetricPoint[]) => breakers.ingest(points, STARTED).map((change) => change.to);
    assert.deepEqual(states(report('closed')), []);
    assert.deepEqual(states(report('open', { open: 1 })), ['open']);
    assert.deepEqual(states(report('open', { open: 1 })), []);
    assert.deepEqual(states(report('open', { open: 2, 'half-open': 1 })), ['half-open', 'open']);
    assert.deepEqual(states(report('closed', { open: 3, 'half-open': 3, closed: 1 })), [
      'half-open',
      'open',
      'half-open',
      'closed',
    ]);
  });

  test('the summary shows the worst over the pods that report, the first probe and all trips', () => {
    const breakers = new Breakers(STARTED);
    breakers.ingest(report('closed', { open: 1, 'half-open': 1, closed: 1 }), STARTED);
    assert.deepEqual(breakers.summary(EDGE, STARTED), { state: 'closed', openUntil: null, trips: 1 });
    breakers.ingest(report('open', { open: 2 }, { pod: 'payments-2', openUntil: STARTED + 9000 }), STARTED);
    breakers.ingest(report('open', { open: 1 }, { pod: 'payments-3', openUntil: STARTED + 4000 }), STARTED);
    assert.deepEqual(breakers.summary(EDGE, STARTED), { state: 'open', openUntil: STARTED + 4000, trips: 4 });
  });

  test('a pod that fell silent no longer counts, and without pods there is no breaker', () => {
    const breakers = new Breakers(STARTED);
    breakers.ingest(report('open', { open: 1 }, { pod: 'old' }), STARTED);
    breakers.ingest(report('half-open', {}, { pod: 'new' }), STARTED + 2000);
    assert.equal(breakers.summary(EDGE, STARTED + 3000)?.state, 'open');
    assert.equal(breakers.summary(EDGE, STARTED + 3001)?.state, 'half-open');
    assert.equal(breakers.summary(EDGE, STARTED + 5001), null);
    assert.deepEqual(breakers.edges(STARTED + 5001), []);
  });

  test('the counters of a restarted container count anew, and what they tell is new', () => {
    const breakers = new Breakers(STARTED);
    breakers.ingest(report('closed', { open: 3, 'half-open': 3, closed: 3 }), STARTED);
    const later = { since: STARTED + 5000 };
    assert.deepEqual(
      breakers.ingest(report('open', { open: 1 }, later), STARTED).map((change) => change.to),
      ['open'],
    );
    assert.equal(breakers.summary(EDGE, STARTED)?.trips, 1);
    const fallen = breakers.ingest(report('closed', { open: 0 }, later), STARTED);
    assert.deepEqual(
      fallen.map((change) => change.to),
      ['closed'],
      'only the gauge tells of it',
    );
  });

  test('totals from before this server started are trips but no news', () => {
    const breakers = new Breakers(STARTED);
    const old = report('open', { open: 5, 'half-open': 4 }, { since: STARTED - 60_000 });
    assert.deepEqual(breakers.ingest(old, STARTED), []);
    assert.equal(breakers.summary(EDGE, STARTED)?.trips, 5);
  });

  test('a new pod whose first report already tells of a trip announces it', () => {
    const breakers = new Breakers(STARTED);
    assert.deepEqual(
      breakers.ingest(report('open', { open: 1 }), STARTED).map((change) => change.to),
      ['open'],
    );
  });

  test('a library without the counter is followed by its gauge', () => {
    const breakers = new Breakers(STARTED);
    const states = (['closed', 'open', 'open', 'half-open', 'closed'] as const).flatMap((state) =>
      breakers.ingest(report(state), STARTED).map((change) => change.to),
    );
    assert.deepEqual(states, ['open', 'half-open', 'closed']);
  });
});

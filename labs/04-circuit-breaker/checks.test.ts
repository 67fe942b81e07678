import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ActiveFault } from '../../server/contract/faults.ts';
import type { BreakerState } from '../../server/contract/topology.ts';
import type { LabView, Measured } from '../lab.ts';
import * as checks from './checks.ts';
import { circuitBreaker } from './lab.ts';
import { BANK, CATALOG } from './signals.ts';

const nothing: Measured = {
  count: 0,
  errors: 0,
  rate: 0,
  errorRatio: 0,
  p50: null,
  p95: null,
  p99: null,
  inFlight: null,
  seconds: 5,
};
const slow = [{ target: 'bank', kind: 'bank-slow', state: 'active' } as ActiveFault];

/** A view of a system in which nothing is measured, changed by `part`. */
function view(part: Partial<LabView> & { state?: BreakerState; changes?: BreakerState[] } = {}): LabView {
  const { state = 'closed', changes = [], ...rest } = part;
  return {
    now: 100_000,
    stepOpenedAt: 0,
    step: 'any',
    resumedAt: null,
    last: () => nothing,
    breaker: () => ({ state, openUntil: null, rejectedRate: 0, trips: 0 }),
    breakerChanges: changes.map((to, i) => ({ id: 'a', edge: BANK, to, at: 1000 * i, calm: false })),
    patterns: { timeout: '500ms', 'circuit-breaker': 'library' },
    faults: [],
    load: 60,
    ledger: null,
    openedTraces: [],
    did: () => false,
    baseline: null,
    ...rest,
  };
}

describe('the breaker has healed', () => {
  const cases: [string, boolean, Parameters<typeof view>[0]][] = [
    ['after open, half-open, closed with the bank well', true, { changes: ['open', 'half-open', 'closed'] }],
    ['after several probes that failed', true, { changes: ['open', 'half-open', 'open', 'half-open', 'closed'] }],
    [
      'not while the bank is slow, though a probe was lucky',
      false,
      { changes: ['open', 'half-open', 'closed'], faults: slow },
    ],
    ['not while it is open again', false, { changes: ['open', 'half-open', 'closed', 'open'], state: 'open' }],
    ['not while it probes', false, { changes: ['open', 'half-open'], state: 'half-open' }],
    ['not when it never opened', false, { changes: [] }],
    [
      'not when a restart closed it without a probe',
      false,
      { changes: ['open', 'half-open', 'open'], state: 'closed' },
    ],
  ];
  for (const [what, holds, part] of cases) {
    test(what, () => assert.equal(checks.breakerHeals.look(view(part)).holds, holds));
  }
});

describe('a breaker that closed without a probe that was seen', () => {
  const detail = (resumedAt: number | null, changes: BreakerState[]) =>
    checks.breakerHeals.look(view({ resumedAt, changes })).detail;
  test('has closed without one', () => {
    assert.equal(detail(null, ['open']), 'closed, but not by a probe: reset the step');
    assert.equal(detail(500, ['closed', 'open']), 'closed, but not by a probe: reset the step');
  });
  test('may have had one that was missed, where the lab server restarted since it opened', () => {
    const missed = 'closed; the lab restarted and may have missed the probe: reset the step';
    assert.equal(detail(500, ['open']), missed);
    assert.equal(detail(500, ['open', 'closed']), missed);
    assert.equal(detail(500, []), missed);
  });
});

describe('a false trip', () => {
  const trip = (calm: boolean, at: number) =>
    view({ stepOpenedAt: 5000, breakerChanges: [{ id: 'a', edge: BANK, to: 'open', at, calm }] });
  test('counts in the step alone, and only with no fault before it', () => {
    assert.equal(checks.falseTrip.look(trip(true, 6000)).holds, true);
    assert.equal(checks.falseTrip.look(trip(false, 6000)).holds, false);
    assert.equal(checks.falseTrip.look(trip(true, 4000)).holds, false);
  });
});

describe('the catalog', () => {
  const measured = (now: number, before: number, part = {}) =>
    view({ last: () => ({ ...nothing, p95: now }), baseline: { [CATALOG]: { ...nothing, p95: before } }, ...part });
  test('is slow at three times its baseline, and only a slow bank counts', () => {
    assert.equal(checks.catalogSlow.look(measured(61, 20, { faults: slow })).holds, true);
    assert.equal(checks.catalogSlow.look(measured(59, 20, { faults: slow })).holds, false);
    assert.equal(checks.catalogSlow.look(measured(61, 20)).holds, false);
  });
  test('is healthy within one and a half times its baseline, or within 25 ms of a small one', () => {
    assert.equal(checks.catalogHealthy.look(measured(140, 100)).holds, true);
    assert.equal(checks.catalogHealthy.look(measured(151, 100)).holds, false);
    assert.equal(checks.catalogHealthy.look(measured(30, 8)).holds, true);
  });
});

test('without a baseline or measurements no check holds', () => {
  for (const check of circuitBreaker.steps.flatMap((step) => step.checks)) {
    assert.equal(check.look(view()).holds, false, check.id);
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ledger } from '../../server/contract/ledger.ts';
import type { FaultRun } from './fault-run.ts';
import { reportPage } from './report.ts';
import type { SoakResult } from './soak.ts';

const startedAt = Date.UTC(2026, 0, 1);
const refused: FaultRun = {
  request: { kind: 'pod-kill', target: 'bank-1<script>', duration: 0 },
  ...{ at: startedAt + 5_000, ended: null, reason: 'There is no pod "bank-1".' },
};
const result: SoakResult = {
  ...{ startedAt, minutes: 1, rate: 100, seed: 7, patterns: { saga: 'compensate' }, faults: [refused] },
  ledger: { since: 0, countedAt: 0, accepted: 812, chargedTwice: 3 } as Ledger,
  own: { acknowledged: 40, lost: [] },
  customers: [0, 1, 2].map((t) => ({
    ...{ t: startedAt / 1_000 + t, count: 100, errors: 10 * t },
    ...{ p50: 5, p95: 9, p99: 12, inFlight: 1 },
  })),
  ...{ settledMs: 2_300, broken: ['3 orders charged twice'] },
};

test('the report tells what broke, counts, faults with their remarks, and draws what customers met', () => {
  const page = reportPage(result);
  for (const told of [
    '✗ 3 orders charged twice',
    '<td>Orders accepted</td><td>812</td>',
    '<td>✗ Charged twice</td><td>3</td>',
    '<td>2.3</td>',
    'no pod',
    '<td>compensate</td>',
  ])
    assert.ok(page.includes(told), told);
  assert.match(page, /<polyline points="0.0,200.0 1.5,180.0 3.0,160.0"/);
  assert.ok(!page.includes('<script'), 'names are text');
});

test('a soak without harm says so', () => {
  assert.match(reportPage({ ...result, broken: [] }), /✓ No customer came to harm/);
});

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { Frame } from '../../server/contract/frame.ts';
import { signals, system, takeFrame, takeSnapshot } from './frame-store.ts';

const service = (name: string, rate: number) => ({
  name,
  role: 'service' as const,
  health: 'ok' as const,
  reason: null,
  inFlight: null,
  oldestMs: null,
  pods: [],
  rate,
  errorRatio: 0,
  p50: 1,
  p95: 2,
  p99: 3,
});

const frame: Frame = {
  time: 1000,
  cluster: { name: 'embedded', connected: true, nodes: [], pods: 0, problem: null },
  topology: { services: [service('bank', 1), service('orders', 2)], edges: [] },
  customer: { rate: 0, errorRatio: null, p50: null, p95: null, p99: null, open: null, oldestMs: null, reason: null },
  signals: { bank: [{ t: 1, count: 1, errors: 0, p50: 1, p95: 1, p99: 1, inFlight: null }] },
  marks: [],
  faults: [],
  faultsBlocked: false,
  patterns: [],
  desiredProblem: null,
  lastChange: null,
  ledger: null,
  load: { rate: 50, max: 200, sent: 50, dropped: 0 },
  lab: null,
};

beforeEach(() => system.set(null));

test('a partial frame changes its members and leaves the others as they are', () => {
  takeSnapshot(frame);
  const before = system.get()!;
  takeFrame({ time: 1250, load: { ...frame.load, rate: 120 } });
  const after = system.get()!;
  assert.equal(after.load.rate, 120);
  assert.equal(after.time, 1250);
  assert.equal(after.topology, before.topology);
});

test('a service that did not change keeps its reference when another did', () => {
  takeSnapshot(frame);
  const bank = system.get()!.topology.services[0];
  takeFrame({ time: 1250, topology: { services: [service('bank', 1), service('orders', 9)], edges: [] } });
  assert.equal(system.get()!.topology.services[0], bank);
  assert.equal(system.get()!.topology.services[1]?.rate, 9);
});

test('a member can become null', () => {
  takeSnapshot({ ...frame, ledger: { ...ledger } });
  takeFrame({ time: 1250, ledger: null });
  assert.equal(system.get()!.ledger, null);
});

const ledger = {
  since: 0,
  countedAt: 0,
  accepted: 1,
  failed: 0,
  chargedOnce: 1,
  chargedTwice: 0,
  acceptedNeverCharged: 0,
  chargedNeverAccepted: 0,
  inDoubt: 0,
  oversold: 0,
};

test('a frame before the first snapshot is ignored', () => {
  takeFrame({ time: 1250, faultsBlocked: true });
  assert.equal(system.get(), null);
});

test('signals are published once a second, with every frame of that second in them', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  takeSnapshot(frame);
  for (const t of [2, 3]) {
    takeFrame({ time: t * 1000, signals: { bank: [{ ...frame.signals.bank![0]!, t }] } });
  }
  assert.equal(signals.get().bank?.length, 1);
  context.mock.timers.tick(1000);
  assert.equal(signals.get().bank?.length, 3);
});

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { shopTelemetry } from '../telemetry/testing/shop-telemetry.ts';
import { buildTopology } from '../telemetry/topology.ts';
import { knownServices, largeShop } from '../stream/testing/large-shop.ts';
import { History, type KeptState } from './history.ts';

let now: number;
let state: KeptState;
const clock = () => now;
const onProblem = (error: unknown) => {
  throw error;
};
const rateAt = (history: History, time: number) => (history.at(time).set?.['load'] as { rate: number }).rate;

beforeEach(() => {
  now = 1_800_000_000_000;
  state = { topology: { services: [], edges: [], problem: null }, faults: [], load: { rate: 0 }, ledger: null };
});

/** A state a second, of which the load's rate is the number of the second. */
function record(history: History, seconds: number): void {
  for (let second = 0; second < seconds; second++, now += 1000) {
    state = { ...state, load: { rate: second } };
    history.record();
  }
}

test('a moment is as it was, whole, and says when it was', () => {
  const history = new History({ state: () => state, onProblem, clock });
  const start = now;
  state = { ...state, faults: [{ id: 'bank-slow-1', target: 'bank' }] };
  record(history, 5);
  state = { ...state, faults: [] };
  record(history, 5);
  const { time, whole, lists, set } = history.at(start + 2400);
  assert.deepEqual([time, whole, lists?.['faults']], [start + 2000, true, ['bank-slow-1']]);
  assert.deepEqual(set?.['faults/bank-slow-1'], { id: 'bank-slow-1', target: 'bank' });
  assert.deepEqual(set?.['load'], { rate: 2 });
  assert.deepEqual(history.at(start + 7000).lists?.['faults'], []);
});

test('before the first moment there is the first, after the last the last, and none at all is refused', () => {
  const history = new History({ state: () => state, onProblem, clock });
  assert.throws(() => history.at(now), { code: 'starting' });
  assert.equal(history.view().from, null);
  record(history, 3);
  assert.deepEqual([rateAt(history, 0), rateAt(history, now + 60_000)], [0, 2]);
});

test('900 seconds are kept, and of older ones nothing', () => {
  const history = new History({ state: () => state, onProblem, clock });
  record(history, 1000);
  const { from, to, moments, maxSeconds } = history.view();
  assert.deepEqual([moments, maxSeconds], [900, 900]);
  assert.deepEqual([from, to], [now - 900_000, now - 1000]);
  assert.equal(rateAt(history, 0), 100);
});

test('of a shop too large for the bound in bytes the oldest seconds go, and memory stays within it', () => {
  const known = knownServices(largeShop(60, 200));
  const built = buildTopology(known, shopTelemetry());
  const topology = () => {
    // Figures that differ from second to second, as of a shop under load: they are what does not compress.
    const random = () => Math.random() * 1000;
    return { ...built, services: built.services.map((service) => ({ ...service, rate: random(), p95: random() })) };
  };
  const maxBytes = 200_000;
  const history = new History({ state: () => ({ ...state, topology: topology() }), onProblem, clock, maxBytes });
  for (let second = 0; second < 200; second++, now += 1000) history.record();
  const { bytes, moments, from, to } = history.view();
  assert.ok(bytes <= maxBytes && bytes > maxBytes * 0.9, `${bytes} bytes`);
  assert.ok(moments > 10 && moments < 200, `${moments} moments`);
  assert.deepEqual([from, to], [now - moments * 1000, now - 1000], 'the newest are kept');
});

test('by default it takes at most 8 MB, and says so', () => {
  assert.equal(new History({ state: () => state, onProblem, clock }).view().maxBytes, 8 * 1024 * 1024);
});

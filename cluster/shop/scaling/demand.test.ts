import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Demand } from './demand.ts';

const bounds = { target: 2, min: 0, max: 3, idleMs: 1_000 };

test('it grows at once by what is asked, up to the most there may be', () => {
  const demand = new Demand(bounds);
  assert.equal(demand.wanted(0), 0);
  for (const [requests, wanted] of [
    [1, 1],
    [2, 1],
    [3, 2],
    [100, 3],
  ] as const) {
    demand.change(requests, 0);
    assert.equal(demand.wanted(0), wanted, `${requests} requests`);
  }
});

test('it shrinks when what it grew for has been over for a while, by as much as is idle', () => {
  const demand = new Demand(bounds);
  demand.change(5, 0);
  demand.change(3, 5_000);
  demand.change(0, 5_400);
  assert.deepEqual(
    [demand.wanted(5_999), demand.wanted(6_000), demand.wanted(6_399), demand.wanted(6_400)],
    [3, 2, 2, 0],
  );
});

test('a request under way keeps its pod, however long it takes', () => {
  const demand = new Demand(bounds);
  demand.change(1, 0);
  assert.equal(demand.wanted(1_000_000), 1);
});

test('what is kept warm stays', () => {
  const demand = new Demand({ ...bounds, min: 1 });
  assert.equal(demand.wanted(0), 1);
  demand.change(4, 0);
  demand.change(0, 10);
  assert.deepEqual([demand.wanted(20), demand.wanted(2_000)], [2, 1]);
});

test('many small requests leave no more behind than the highest of each time', () => {
  const demand = new Demand(bounds);
  for (let at = 0; at < 500; at += 1) demand.change((at + 1) % 2, at);
  assert.deepEqual([demand.wanted(500), demand.wanted(1_498), demand.wanted(1_499)], [1, 1, 0]);
});

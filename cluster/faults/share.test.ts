import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choose, shareProblem, type Share } from './share.ts';

const pods = ['a', 'b', 'c', 'd', 'e'];
const pick = (share: Share, kept: string[] = [], among = pods) => choose(share, among, new Set(kept), 'fault-1');

for (const [share, size] of [
  ['one', 1],
  [2, 2],
  [9, 5],
  ['1%', 1],
  ['50%', 3],
  ['100%', 5],
] as const) {
  test(`a share of ${share} of five pods is ${size}`, () => assert.equal(new Set(pick(share)).size, size));
}

test('of no pods every share is none', () => {
  for (const share of ['one', 3, '50%'] as const) assert.deepEqual(pick(share, [], []), []);
});

test('the lot falls the same way each time, whatever the order, and differently for another fault', () => {
  assert.deepEqual(pick(2), pick(2, [], pods.toReversed()));
  const others = Array.from({ length: 20 }, (_, n) => choose('one', pods, new Set(), `fault-${n}`)[0]);
  assert.ok(new Set(others).size > 1);
});

test('a pod that is hit stays hit; one that is gone is replaced', () => {
  for (const kept of pods) assert.deepEqual(pick('one', [kept]), [kept]);
  const [first] = pick('one');
  const left = pods.filter((pod) => pod !== first);
  assert.equal(pick('one', [first!], left).length, 1);
});

test('when others go, those that are hit stay hit, though they are more than the share by now', () => {
  assert.deepEqual(pick('50%', ['a', 'b'], ['a', 'b']).sort(), ['a', 'b']);
});

test('what is no share is told what is', () => {
  for (const share of ['one', 1, 7, '1%', '100%']) assert.equal(shareProblem(share), null);
  for (const share of [0, -1, 1.5, '0%', '101%', '5', 'all', '', null]) assert.match(shareProblem(share)!, /"one"/);
});

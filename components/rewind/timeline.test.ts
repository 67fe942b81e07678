import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Mark } from '../../server/contract/signals.ts';
import { ago, barMarks, faultSpans, nextMark, shareOf } from './timeline.ts';

let id = 0;
const mark = (at: number, kind: Mark['kind'], label = 'Slow dependency: bank'): Mark => ({
  id: `mark-${++id}`,
  ...{ at, kind, label },
});
const range = { from: 10_000, to: 110_000 };

test('the bar has the faults and the switches of its time, in order, and nothing else', () => {
  const marks = [
    mark(50_000, 'pattern'),
    mark(20_000, 'fault-start'),
    mark(9_000, 'fault-start'),
    mark(30_000, 'load'),
    mark(31_000, 'breaker'),
  ];
  assert.deepEqual(
    barMarks(marks, range).map(({ at }) => at),
    [20_000, 50_000],
  );
});

test('a fault is drawn from its begin to its end, cut by the bar where one of them lies outside', () => {
  const other = 'Pod killed: orders';
  const marks = [
    mark(15_000, 'fault-end', 'Requests lost: users ends'),
    mark(20_000, 'fault-start'),
    mark(25_000, 'fault-start', other),
    mark(40_000, 'fault-end', 'Slow dependency: bank ends'),
    mark(60_000, 'fault-start'),
    mark(70_000, 'fault-end', `${other} ends`),
  ];
  assert.deepEqual(faultSpans(marks, range), [
    { from: 10_000, to: 15_000 },
    { from: 20_000, to: 40_000 },
    { from: 25_000, to: 70_000 },
    { from: 60_000, to: 110_000 },
  ]);
  assert.deepEqual(faultSpans(marks, { from: 45_000, to: 50_000 }), [{ from: 25_000, to: 70_000 }]);
});

test('from a mark one goes to the one beside it, not to itself', () => {
  const marks = [mark(20_000, 'fault-start'), mark(50_000, 'pattern'), mark(80_000, 'fault-end')];
  assert.equal(nextMark(marks, 50_000, 'back')?.at, 20_000);
  assert.equal(nextMark(marks, 50_000, 'on')?.at, 80_000);
  assert.equal(nextMark(marks, 20_000, 'back'), undefined);
  assert.equal(nextMark(marks, 110_000, 'on'), undefined);
});

test('a moment has its place in the bar, at its ends where it is beyond', () => {
  assert.deepEqual(
    [0, 10_000, 60_000, 200_000].map((at) => shareOf(at, range)),
    [0, 0, 0.5, 1],
  );
  assert.equal(shareOf(5, { from: 5, to: 5 }), 1);
});

test('how long ago is said in seconds within a minute, then in minutes', () => {
  assert.deepEqual([-1, 37.8, 60, 179].map(ago), ['0 s ago', '37 s ago', '1 min ago', '2 min ago']);
});

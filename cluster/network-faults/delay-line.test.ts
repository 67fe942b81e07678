import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Stage } from './stream-fault.ts';
import { DelayLine } from './delay-line.ts';

/** A line on a clock that only moves when it is told to, and the letters that have left it. */
function lineOnMockedTime(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 0 });
  const left: string[] = [];
  const met: (number | 'reset')[] = [];
  const line = new DelayLine({ met: (_stage, _passage, ms) => met.push(ms), reset: () => left.push('reset') }, () =>
    Date.now(),
  );
  const hold = (letter: string, bytes = 1) => line.hold({ kind: 'data', bytes, call: 1 }, () => left.push(letter));
  return { met, line, left, hold, tick: (ms: number) => t.mock.timers.tick(ms) };
}

const later =
  (ms: number): Stage =>
  (_passage, at) =>
    at + ms;

test('without stages everything leaves at once', (t) => {
  const { line, left, hold } = lineOnMockedTime(t);
  assert.ok(line.clear);
  hold('a');
  assert.deepEqual(left, ['a']);
  assert.ok(line.clear);
});

test('stages act one after the other', (t) => {
  const { line, left, hold, tick } = lineOnMockedTime(t);
  line.setStages([later(30), later(20)]);
  hold('a');
  tick(49);
  assert.deepEqual(left, []);
  tick(1);
  assert.deepEqual(left, ['a']);
});

test('a short delay does not overtake a long one', (t) => {
  const { line, left, hold, tick } = lineOnMockedTime(t);
  const delays = [50, 10];
  line.setStages([(_passage, at) => at + (delays.shift() ?? 0)]);
  hold('a');
  hold('b');
  tick(49);
  assert.deepEqual(left, []);
  tick(1);
  assert.deepEqual(left, ['a', 'b']);
});

test('when the stages go, so does all they held, and nothing comes twice', (t) => {
  const { line, left, hold, tick } = lineOnMockedTime(t);
  line.setStages([later(10_000)]);
  hold('a');
  hold('b');
  line.setStages([]);
  assert.deepEqual(left, ['a', 'b']);
  assert.ok(line.clear);
  tick(20_000);
  assert.deepEqual(left, ['a', 'b']);
});

test('a longer delay counts from the arrival of what waits', (t) => {
  const { line, left, hold, tick } = lineOnMockedTime(t);
  line.setStages([later(20)]);
  hold('a');
  tick(10);
  line.setStages([later(30)]);
  tick(19);
  assert.deepEqual(left, []);
  tick(1);
  assert.deepEqual(left, ['a']);
});

test('Infinity holds everything until the stages change', (t) => {
  const { line, left, hold, tick } = lineOnMockedTime(t);
  line.setStages([() => Infinity]);
  hold('a');
  hold('b');
  tick(1_000_000);
  assert.deepEqual(left, []);
  line.setStages([]);
  assert.deepEqual(left, ['a', 'b']);
});

test('what one stage holds for ever meets the next when that is over', (t) => {
  const { line, left, met, hold, tick } = lineOnMockedTime(t);
  const slow = later(50);
  line.setStages([() => Infinity, slow]);
  hold('a');
  assert.deepEqual(met, [Infinity]);
  tick(20);
  line.setStages([slow]);
  assert.deepEqual(met, [Infinity, 50]);
  tick(29);
  assert.deepEqual(left, []);
  tick(1);
  assert.deepEqual(left, ['a']);
});

test('a stage is asked once for each passage, whatever other stages come and go', (t) => {
  const { line, left, met, hold, tick } = lineOnMockedTime(t);
  const delays = [50, 1];
  const stage: Stage = (_passage, at) => at + delays.shift()!;
  line.setStages([stage]);
  hold('a');
  line.setStages([stage, later(10)]);
  line.setStages([stage]);
  assert.deepEqual(met, [50, 10]);
  tick(49);
  assert.deepEqual(left, []);
  tick(1);
  assert.deepEqual(left, ['a']);
});

test('a stage can reset the connection: nothing leaves any more', (t) => {
  const { line, left, met, hold } = lineOnMockedTime(t);
  line.setStages([() => 'reset']);
  hold('a');
  hold('b');
  assert.deepEqual([left, met], [['reset'], ['reset']]);
});

test('it is full at 1 MB, or with thousands of tiny chunks, and empties', (t) => {
  const { line, hold, tick } = lineOnMockedTime(t);
  line.setStages([later(1)]);
  hold('a', 1024 * 1024);
  assert.ok(line.full);
  tick(1);
  assert.ok(!line.full);
  for (let i = 0; i < 5_000; i++) hold('b');
  assert.ok(line.full);
  line.end();
  assert.ok(!line.full);
});

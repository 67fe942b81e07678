import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Mark, SignalPoint } from '../../server/contract/signals.ts';
import { latency } from './charts/latency.ts';
import { axisTicks, SHOWN_SECONDS, tickLabel, windowMarks, windowRows } from './window.ts';

const point = (t: number): SignalPoint => ({ t, count: 1, errors: 0, p50: t, p95: t, p99: t, inFlight: null });

test('there is a row for every shown second, and a gap where nothing was measured', () => {
  const rows = windowRows([point(98), point(100)], latency.lines, 100);
  assert.equal(rows.length, SHOWN_SECONDS + 1);
  assert.deepEqual(
    rows.slice(-3).map(({ t, p95 }) => [t, p95]),
    [
      [-2, 98],
      [-1, null],
      [0, 100],
    ],
  );
});

test('the axis ends at a round number at or above the highest value', () => {
  assert.deepEqual(axisTicks(116, 20), [0, 50, 100, 150]);
  assert.deepEqual(axisTicks(3100, 100), [0, 2000, 4000]);
  assert.deepEqual(axisTicks(0, 5), [0, 2, 4, 6]);
  assert.deepEqual(axisTicks(150, 20), [0, 50, 100, 150]);
});

test('thousands on the axis are short', () => {
  assert.equal(tickLabel(1500), '1.5k');
  assert.equal(tickLabel(50), '50');
});

test('only marks of the shown time, of faults and of changes, are drawn', () => {
  const mark = (at: number, kind: Mark['kind']): Mark => ({ id: `${at}${kind}`, at, kind, label: '' });
  const marks = [mark(1000, 'pattern'), mark(95_000, 'fault-start'), mark(96_000, 'breaker'), mark(97_000, 'pattern')];
  assert.deepEqual(
    windowMarks(marks, 100).map(({ at }) => at),
    [95_000, 97_000],
  );
});

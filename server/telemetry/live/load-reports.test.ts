import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MetricPoint } from '../otlp/metric-points.ts';
import { LoadReports } from './load-reports.ts';

const start = 1_800_000_000_000;
const point = (name: string, value: number, at: number, since = start): MetricPoint => {
  return { name: `loadgen.${name}`, service: 'loadgen', pod: 'loadgen-1', attributes: {}, value, since, at };
};

test('what was dropped while a generator was silent counts; what a new process tells of its past does not', () => {
  const reports = new LoadReports();
  const dropped = (value: number, after: number, since?: number) =>
    reports.ingest([point('dropped', value, start + after, since)], start + after);
  assert.equal(dropped(10, 0), 0, 'from before anybody listened');
  assert.equal(dropped(12, 500), 2);
  assert.equal(dropped(512, 9_500), 500, 'after nine seconds of silence');
  assert.equal(dropped(7, 10_000, start + 9_700), 0, 'another process');
  assert.equal(dropped(9, 10_500, start + 9_700), 2);
});

test('rates are of about the last second, however often a generator reports, and whatever its clock does', () => {
  const reports = new LoadReports();
  for (let i = 0; i <= 3000; i++) reports.ingest([point('sent', i / 10, start + i)], start + i);
  assert.ok(Math.abs(reports.report(start + 3000)!.sent - 100) < 1);
  reports.ingest([point('sent', 1, start - 60_000)], start + 3001);
  assert.ok(Math.abs(reports.report(start + 3001)!.sent - 100) < 1);
});

test('points that never advance take no room', () => {
  const reports = new LoadReports();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < 400_000; i++) reports.ingest([point('sent', i, start - i / 1000)], start);
  assert.ok(process.memoryUsage().heapUsed - before < 30 * 1024 * 1024);
});

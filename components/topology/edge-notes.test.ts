import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EdgeView } from '../../server/contract/topology.ts';
import { THRESHOLDS as ofServices } from '../../server/telemetry/health.ts';
import { describeEdge, edgeNotes, edgeTone, targetName, THRESHOLDS } from './edge-notes.ts';

const edge = (change: Partial<EdgeView>): EdgeView => ({
  id: 'payments>bank',
  source: 'payments',
  destination: 'bank',
  protocol: 'http',
  rate: 20,
  errorRatio: 0,
  p50: 15,
  p95: 30,
  p99: 40,
  retryRate: 0,
  timeoutRate: 0,
  breaker: null,
  ...change,
});

test('a healthy edge says nothing', () => {
  assert.deepEqual(edgeNotes(edge({})), []);
  assert.equal(edgeTone(edge({})), 'ok');
  assert.equal(edgeTone(edge({ rate: 0 })), 'idle');
});

test('a failure now and then is no news', () => {
  const normal = edge({ errorRatio: 4 / 60 });
  assert.deepEqual(edgeNotes(normal), []);
  assert.equal(edgeTone(normal), 'ok');
});

test('an edge and a service are in trouble at the same share of failures and the same latency', () => {
  assert.deepEqual(THRESHOLDS.errorRatio, ofServices.errorRatio);
  assert.equal(THRESHOLDS.p95.warn, ofServices.p95.warn);
});

test('the worst two things are said, errors before slowness', () => {
  const notes = edgeNotes(edge({ errorRatio: 0.3, p95: 3000, retryRate: 4 }));
  assert.deepEqual(notes, ['30 % err', '4/s retries']);
  assert.deepEqual(edgeNotes(edge({ p95: 3000 })), ['3\u00a0000 ms']);
  assert.equal(edgeTone(edge({ p95: 3000 })), 'warn');
});

test('what is a retry of a call is a message delivered again', () => {
  const messages = edge({ id: 'rabbitmq>payments', source: 'rabbitmq', protocol: 'messaging', retryRate: 1900 });
  assert.deepEqual(edgeNotes(messages), ['1\u00a0900/s again']);
  assert.match(describeEdge(messages), /1\u00a0900\/s again$/);
});

test('behind an open breaker the calls that pass are probes', () => {
  const breaker = { state: 'open' as const, openUntil: 1, rejectedRate: 9, trips: 1 };
  assert.deepEqual(edgeNotes(edge({ rate: 3, breaker })), ['3/s probes']);
  assert.equal(edgeTone(edge({ breaker })), 'bad');
});

test('the spoken form names both ends and every number with its unit', () => {
  assert.equal(describeEdge(edge({ timeoutRate: 2 })), 'payments → bank: 20/s, 0 % errors, p95 30 ms, 2/s timeouts');
  assert.equal(targetName('payments>bank'), 'payments → bank');
  assert.equal(targetName('bank'), 'bank');
});

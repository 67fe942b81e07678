import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LogStore } from './log-store.ts';
import { MetricStore } from './metric-store.ts';
import { Telemetry } from './telemetry.ts';

const now = 1_800_000_000_000;
const base = { scope: 'shop', service: 'orders', pod: 'orders-1' };
const record = (part: object) => ({
  ...{ ...base, at: now, severity: 9, severityText: 'INFO', body: 'order accepted', traceId: null, spanId: null },
  attributes: {},
  ...part,
});

describe('log records', () => {
  test('are found by scope, trace, service, severity, text and time, the newest first', () => {
    const logs = new LogStore(100_000);
    logs.add(
      [
        record({ body: 'first', traceId: 'a1' }),
        record({ body: 'Second', service: 'payments', severity: 17, at: now + 1 }),
        record({ body: 'third', scope: 'lane-b' }),
      ],
      now,
    );
    const found = (filter: Parameters<LogStore['list']>[0]) => logs.list(filter).map(({ body }) => body);
    assert.deepEqual(found({ scope: 'shop' }), ['Second', 'first']);
    assert.deepEqual(found({ traceId: 'a1' }), ['first']);
    assert.deepEqual(found({ service: 'payments' }), ['Second']);
    assert.deepEqual(found({ severity: 13 }), ['Second']);
    assert.deepEqual(found({ text: 'SECO' }), ['Second']);
    assert.deepEqual(found({ from: now + 1 }), ['Second']);
    assert.deepEqual(found({ limit: 1 }), ['third']);
  });

  test('are given up after 15 minutes, and the oldest first when they are too much', () => {
    const logs = new LogStore(10_000);
    for (let i = 0; i < 5000; i++) logs.add([record({ body: String(i) })], now);
    assert.ok(logs.bytes <= 10_000);
    assert.equal(logs.list({ limit: 1 })[0]?.body, '4999');
    logs.add([record({ at: now + 900_001, body: 'late' })], now + 900_001);
    assert.deepEqual(
      logs.list({}).map(({ body }) => body),
      ['late'],
    );
  });
});

describe('metrics', () => {
  const point = (value: number, part = {}) => ({
    ...{ ...base, name: 'jvm.threads', attributes: {}, value, since: now, at: now },
    ...part,
  });

  test('keep the latest value and one every 5 s, for each service and set of attributes', () => {
    const metrics = new MetricStore(100_000);
    for (let i = 0; i <= 40; i++) metrics.add([point(i), point(7, { service: 'payments' })], now + i * 500);
    const [metric] = metrics.list({ service: 'orders', name: 'jvm.threads' });
    assert.deepEqual(
      metric?.points.map(({ value }) => value),
      [0, 10, 20, 30, 40],
    );
    assert.equal(metrics.list({ scope: 'shop' }).length, 2);
    assert.equal(metrics.list({ scope: 'lane-b' }).length, 0);
  });

  test('that nobody sends any more go after 15 minutes, and first when they are too much', () => {
    const metrics = new MetricStore(50_000);
    metrics.add([point(1, { name: 'old' })], now);
    for (let i = 0; i < 500; i++) metrics.add([point(1), point(1, { name: `n${i}` })], now + i);
    assert.ok(metrics.bytes <= 50_000);
    const names = metrics.list({ limit: 500 }).map(({ name }) => name);
    assert.ok(names.includes('jvm.threads') && !names.includes('old'));
    metrics.add([point(1, { name: 'new' })], now + 1_000_000);
    assert.deepEqual(
      metrics.list({}).map(({ name }) => name),
      ['new'],
    );
  });
});

test('what is older than 15 minutes is not shown, though nothing came since', () => {
  let time = now;
  const received = new Telemetry({ clock: () => time });
  const shop = received.scope('shop');
  const point = { ...base, name: 'jvm.threads', attributes: {}, since: now };
  received.ingestLogs([record({})]);
  received.ingestMetrics([{ ...point, value: 1, at: time }]);
  time += 600_000;
  received.ingestMetrics([{ ...point, value: 2, at: time }]);
  const shown = () => [shop.logs().length, shop.metrics()[0]?.points.map(({ value }) => value)];
  assert.deepEqual(shown(), [1, [1, 2]]);
  time += 400_000;
  assert.deepEqual(shown(), [0, [2]]);
  time += 600_000;
  assert.deepEqual(shown(), [0, undefined]);
});

test('log records of a scope beyond the bound are turned down, and the sender is told', () => {
  const received = new Telemetry({ clock: () => now });
  for (let i = 0; i < 16; i++) assert.equal(received.ingestLogs([record({ scope: `lane-${i}` })]).rejected, 0);
  const { rejected, reason } = received.ingestLogs([record({ scope: 'one-more' }), record({ scope: 'lane-3' })]);
  assert.equal(rejected, 1);
  assert.match(reason, /16 scopes already, so that "one-more"/);
});

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Attributes } from './otlp/attributes.ts';
import { LogStore } from './log-store.ts';
import { MessageLinks } from './message-links.ts';
import { MetricStore } from './metric-store.ts';
import { SeriesBudget } from './series-budget.ts';
import { SpanSeries } from './span-series.ts';
import type { Span } from './span.ts';
import { aSpan } from './testing/span-fixture.ts';
import { TraceStore } from './trace-store.ts';

const now = 1_800_000_000_000;
const MB = 1024 * 1024;
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes of heap that what `make` returns takes, with the bytes it says. */
function measure<T>(make: () => T, said: (made: T) => number): { heap: number; said: number } {
  make(); // what compiling takes is not the store's
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const made = make();
  collectGarbage();
  collectGarbage();
  return { heap: process.memoryUsage().heapUsed - before, said: said(made) };
}

function assertHonest({ heap, said }: { heap: number; said: number }, max: number): void {
  assert.ok(said <= max, `${said} bytes are more than ${max}`);
  assert.ok(said > max / 4, `only ${said} bytes: the bound was not tried`);
  assert.ok(heap < 2 * said && heap > said / 2, `says ${said} bytes, takes ${heap}`);
}

const text = (bytes = 8) => randomBytes(bytes).toString('hex');
const attributes = (count: number): Attributes =>
  Object.assign(Object.create(null), Object.fromEntries(Array.from({ length: count }, () => [text(), text(20)])));
const call = (part: Partial<Span> = {}) =>
  aSpan({ end: now, traceId: text(16), kind: 'client', attributes: { 'server.address': text() }, ...part });

describe('what the stores say that they take is what they take, whatever comes', () => {
  test('traces that still come in', () => {
    const store = () => {
      const traces = new TraceStore(2 * MB);
      for (let i = 0; i < 1500; i++) traces.add([call({ service: text(), attributes: attributes(10) })], now);
      return traces;
    };
    assertHonest(
      measure(store, ({ bytes }) => bytes),
      2 * MB,
    );
  });

  test('series with durations of every length', () => {
    const made = () => {
      const budget = new SeriesBudget(4 * MB);
      const series = new SpanSeries(budget);
      budget.add(series.store);
      for (let i = 0; i < 20_000; i++) {
        const end = now + Math.floor(Math.random() * 400) * 1000;
        const attributes = { 'server.address': `service-${i % 150}` };
        series.count([call({ end, start: end - Math.random() ** 4 * 60_000, service: 'orders', attributes })], now);
        if (i % 100 === 0) budget.enforce();
      }
      budget.enforce();
      return { budget, series };
    };
    assertHonest(
      measure(made, ({ budget }) => budget.bytes),
      4 * MB,
    );
  });

  test('log records', () => {
    const store = () => {
      const logs = new LogStore(2 * MB);
      for (let i = 0; i < 4000; i++) {
        const record = { scope: 'shop', service: 'orders', pod: null, at: now, severity: 9, severityText: 'INFO' };
        logs.add([{ ...record, body: text(50), traceId: text(16), spanId: text(), attributes: attributes(4) }], now);
      }
      return logs;
    };
    assertHonest(
      measure(store, ({ bytes }) => bytes),
      2 * MB,
    );
  });

  test('who sent which message, of sixteen scopes', () => {
    const made = () => {
      const all = Array.from({ length: 16 }, () => new MessageLinks());
      for (let i = 0; i < 16 * 4000; i++) all[i % 16]!.sent(text(), { service: text(), broker: text(20) });
      return all;
    };
    assertHonest(
      measure(made, (all) => all.reduce((sum, { bytes }) => sum + bytes, 0)),
      8 * MB,
    );
  });

  test('metrics', () => {
    const store = () => {
      const metrics = new MetricStore(2 * MB);
      for (let i = 0; i < 3000; i++) {
        const point = {
          scope: 'shop',
          service: 'orders',
          pod: 'orders-1',
          name: text(),
          value: i,
          since: now,
          at: now,
        };
        metrics.add([{ ...point, attributes: attributes(2) }], now);
      }
      return metrics;
    };
    assertHonest(
      measure(store, ({ bytes }) => bytes),
      2 * MB,
    );
  });
});

describe('series that are not used', () => {
  test('go when they had nothing in the window, and give their memory back', () => {
    const budget = new SeriesBudget(4 * MB);
    const { store, ...series } = new SpanSeries(budget);
    assert.ok(series);
    store.sweep(1000);
    store.series('service', 'orders').rejection(1000, 1);
    assert.ok(budget.bytes > 0);
    store.sweep(1000 + 901);
    assert.deepEqual([store.ids('service'), budget.bytes], [[], 0]);
  });

  test('give all but their own size back when their seconds are given up for the bound', () => {
    const budget = new SeriesBudget(100_000);
    const { store } = new SpanSeries(budget);
    budget.add(store);
    for (let t = 1000; t < 1900; t++) store.series('service', 'orders').rejection(t, 1);
    const full = budget.bytes;
    budget.enforce();
    assert.ok(full > 100_000 && budget.bytes <= 100_000, `${full} bytes, then ${budget.bytes}`);
    assert.ok(store.series('service', 'orders').at(1899), 'the newest stay');
    store.series('service', 'orders').forget(2000);
    assert.ok(budget.bytes < 2000, `${budget.bytes} bytes`);
  });

  test('names that were made up keep no room from real ones for longer than a minute', () => {
    const store = new SpanSeries(new SeriesBudget(4 * MB)).store;
    store.sweep(1000);
    for (let i = 0; i < 500; i++) store.series('service', text()).rejection(1000, 1);
    assert.equal(store.series('service', 'orders').id, 'other');
    store.sweep(1061);
    assert.equal(store.series('service', 'orders').id, 'orders');
  });
});

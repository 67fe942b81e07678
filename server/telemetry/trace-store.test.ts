import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { aSpan } from './testing/span-fixture.ts';
import type { Span } from './span.ts';
import { TraceStore } from './trace-store.ts';

const START = 1_800_000_000_000;
const MB = 1024 * 1024;
const id = (n: number) => `a${n.toString(16).padStart(31, '0')}`;

/** An order: load > gateway > payments, whose call to the bank took `duration` ms. */
function order(traceId: string, at: number, duration: number, change: Partial<Span> = {}): Span[] {
  const load = aSpan({ traceId, service: 'loadgen', kind: 'client', start: at, end: at + duration });
  const gateway = aSpan({
    traceId,
    parentId: load.spanId,
    start: at + 1,
    end: at + duration - 1,
    attributes: { 'http.request.method': 'POST', 'http.route': '/api/orders' },
  });
  const payments = aSpan({
    traceId,
    parentId: gateway.spanId,
    service: 'payments',
    start: at + 2,
    end: at + duration - 2,
    ...change,
  });
  return [load, gateway, payments];
}

describe('trace store', () => {
  test('shows a trace as a tree, parents first, whatever the order its spans came in', () => {
    const store = new TraceStore(MB);
    const [load, gateway, payments] = order(id(1), START, 40) as [Span, Span, Span];
    store.add([payments], START);
    store.add([gateway, load], START);
    const trace = store.get(id(1));
    assert.equal(trace?.name, 'POST /api/orders');
    assert.equal(trace?.duration, 40);
    assert.deepEqual(
      trace.tree.map((span) => [span.service, span.offset]),
      [
        ['loadgen', 0],
        ['gateway', 1],
        ['payments', 2],
      ],
    );
  });

  test('lists a trace once its first span is there, or no more come', () => {
    const store = new TraceStore(MB);
    const [load, gateway, payments] = order(id(1), START, 40) as [Span, Span, Span];
    store.add([payments], START);
    assert.deepEqual(store.list({}), []);
    store.add([gateway, load], START + 200);
    assert.equal(store.list({}).length, 1);
    store.add(order(id(2), START, 40).slice(1), START);
    assert.equal(store.list({}).length, 1);
    store.sweep(START + 10_000);
    assert.equal(store.list({}).length, 2, 'the caller of the second was killed before it could send its span');
  });

  test('a packed trace reads as it came in, and a late span still finds its place', () => {
    const store = new TraceStore(MB);
    const spans = order(id(1), START, 40.125, {
      message: 'Überlast',
      events: [{ name: 'retry', at: START + 9.5 }],
      attributes: { a: 'é', n: 1.5, ok: true },
    });
    store.add(spans, START);
    const fresh = store.get(id(1));
    const loose = store.bytes;
    store.sweep(START + 3000);
    assert.ok(store.bytes < loose / 2, 'packing must pay');
    assert.deepEqual(store.get(id(1)), fresh);
    store.add(
      [
        aSpan({
          traceId: id(1),
          parentId: spans[2]!.spanId,
          service: 'bank',
          end: START + 3040,
          start: START + 30,
          failed: true,
        }),
      ],
      START + 3100,
    );
    const late = store.get(id(1));
    assert.deepEqual([late?.spans, late?.error, late?.tree.at(-1)?.service], [4, true, 'bank']);
    assert.equal(store.size, 1);
  });

  test('counts retries and rejections', () => {
    const store = new TraceStore(MB);
    const retry = aSpan({ traceId: id(1), kind: 'client', end: START, attributes: { 'http.request.resend_count': 2 } });
    const rejected = aSpan({
      traceId: id(1),
      kind: 'internal',
      name: 'circuit_breaker.rejected',
      end: START,
      attributes: { 'circuit_breaker.name': 'payments>bank' },
    });
    store.add([...order(id(1), START - 40, 40), retry, rejected], START);
    const [summary] = store.list({});
    assert.deepEqual([summary?.retries, summary?.rejections], [1, 1]);
  });

  test('stays within its bound, and gives up ordinary traces before slow ones and both before errors', () => {
    const max = MB / 4;
    const store = new TraceStore(max);
    let now = START;
    for (let i = 0; i < 2000; i++) {
      now += 250;
      const kind = i % 100 === 0 ? 'error' : i % 100 === 50 ? 'slow' : 'ordinary';
      store.add(order(id(i), now - 700, kind === 'slow' ? 650 : 30, { failed: kind === 'error' }), now);
      assert.ok(store.bytes <= max, `${store.bytes} bytes`);
    }
    assert.ok(store.size < 1000, 'it must have given up many');
    assert.equal(store.list({ error: true, limit: 1000 }).length, 20, 'no error was given up');
    assert.equal(store.list({ slow: 600, limit: 1000 }).length, 20, 'no slow one was given up');
    assert.ok(store.list({ error: false, limit: 5 }).every((trace) => now - trace.startedAt < 60_000));
  });

  test('among errors the oldest go first once nothing else is left to give up', () => {
    const store = new TraceStore(20_000);
    for (let i = 0; i < 50; i++)
      store.add(order(id(i), START + i * 120_000 - 100, 30, { failed: true }), START + i * 120_000);
    const kept = store.list({ limit: 100 }).map((trace) => trace.traceId);
    assert.ok(kept.length > 2);
    assert.deepEqual(
      kept,
      kept.map((_, i) => id(49 - i)),
    );
  });

  test('forgets what is older than 15 minutes', () => {
    const store = new TraceStore(MB);
    store.add(order(id(1), START, 40, { failed: true }), START);
    store.sweep(START + 900_001);
    assert.equal(store.size, 0);
    assert.equal(store.bytes, 0);
  });

  test('lists the newest first, filtered by error, length, service and time', () => {
    const store = new TraceStore(MB);
    store.add(order(id(1), START, 40), START);
    store.add(order(id(2), START + 10, 900), START);
    store.add(order(id(3), START + 20, 40, { failed: true, service: 'bank' }), START);
    const ids = (filter: Parameters<TraceStore['list']>[0]) => store.list(filter).map((trace) => trace.traceId);
    assert.deepEqual(ids({}), [id(3), id(2), id(1)]);
    assert.deepEqual(ids({ limit: 1 }), [id(3)]);
    assert.deepEqual(ids({ error: false }), [id(2), id(1)]);
    assert.deepEqual(ids({ slow: 900 }), [id(2)]);
    assert.deepEqual(ids({ service: 'bank' }), [id(3)]);
    assert.deepEqual(ids({ to: START + 10 }), [id(2), id(1)]);
    assert.deepEqual(ids({ to: START + 10, limit: 1 }), [id(2)], 'the newest up to then');
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Attributes } from './otlp/attributes.ts';
import type { Span } from './span.ts';
import { shopTelemetry } from './testing/shop-telemetry.ts';
import { aSpan } from './testing/span-fixture.ts';

const start = 1_800_000_000_000;
const system = { 'messaging.system': 'rabbitmq' };
const sent = (attributes: Attributes = {}, service = 'orders') =>
  aSpan({ end: start, service, kind: 'producer', attributes });
/** A consumer in a trace of its own. */
const handled = (attributes: Attributes, ...links: Span[]) =>
  aSpan({
    end: start,
    service: 'shipping',
    kind: 'consumer',
    attributes,
    links: links.map(({ traceId, spanId }) => ({ traceId, spanId })),
  });

/** The edges and how many spans each has counted, when these batches came a second after each other. */
function edgesOf(...batches: Span[][]) {
  const time = { now: start };
  const telemetry = shopTelemetry({ clock: () => time.now });
  for (const batch of batches) {
    telemetry.ingestTraces(batch);
    time.now += 1000;
  }
  time.now += 500;
  const counted = telemetry
    .edges()
    .map(({ id }) => [id, telemetry.percentiles(id, start, start + 1000).count] as const);
  return { telemetry, time, counts: Object.fromEntries(counted) };
}

describe('a consumer with a link instead of a parent', () => {
  test('that names no broker took the message from the broker that its sender names', () => {
    const message = sent({ ...system, 'server.address': 'broker' });
    const { counts } = edgesOf([message], [handled(system, message), handled({}, message)]);
    assert.deepEqual(counts, { 'orders>broker': 1, 'broker>shipping': 2 });
  });

  test('is counted once its sender comes, in the second that it was handled, and as its service’s traffic at once', () => {
    const message = sent({ ...system, 'server.address': 'broker' });
    const { telemetry, counts } = edgesOf([handled(system, message)], []);
    assert.deepEqual(counts, {});
    assert.equal(telemetry.percentiles('shipping', start, start + 1000).count, 1);
    const { cursor } = telemetry.pointsSince(null);
    telemetry.ingestTraces([message]);
    assert.equal(telemetry.percentiles('broker>shipping', start, start + 1000).count, 1);
    assert.equal(telemetry.pointsSince(cursor).signals['broker>shipping']?.[0]?.count, 1, 'pages are told');
  });

  test('whose sender does not come within 10 s is counted by the kind of its broker', () => {
    const { telemetry, time } = edgesOf([handled(system, sent())]);
    const count = () => telemetry.percentiles('rabbitmq>shipping', start, start + 1000).count;
    time.now = start + 9_999;
    telemetry.ingestTraces([aSpan({ end: start })]);
    assert.equal(count(), 0);
    time.now = start + 10_000;
    telemetry.ingestTraces([aSpan({ end: start })]);
    assert.equal(count(), 1);
  });

  test('and no broker at either end came from the sender itself', () => {
    const messages = [sent(), sent(), sent({}, 'billing')];
    assert.deepEqual(edgesOf(messages, [handled({}, messages[0]!)]).counts, { 'orders>shipping': 1 });
    const batch = edgesOf(messages, [handled({}, ...messages)]);
    assert.deepEqual(batch.counts, { 'orders>shipping': 1, 'billing>shipping': 1 });
    assert.deepEqual(edgesOf(messages, [handled({})]).counts, {});
  });

  test('is shown with its link in the trace, also when that is packed', () => {
    const message = sent();
    const { telemetry, time } = edgesOf([message], [handled({}, message)]);
    const link = () => telemetry.traces().map(({ traceId }) => telemetry.trace(traceId)!.tree[0]!.links);
    const expected = [[], [{ traceId: message.traceId, spanId: message.spanId }]];
    assert.deepEqual(
      link().sort((a, b) => a.length - b.length),
      expected,
    );
    time.now += 10_000;
    assert.deepEqual(
      link().sort((a, b) => a.length - b.length),
      expected,
    );
  });

  test('waits in a bounded line: who finds it full is counted at once', () => {
    const { counts } = edgesOf(Array.from({ length: 1000 }, () => handled(system, sent())));
    assert.equal(counts['rabbitmq>shipping'], 1000 - 512);
  });
});

test('a consumer below the span that sent its message needs no link', () => {
  const message = sent({ ...system, 'server.address': 'broker' });
  const { traceId, spanId: parentId } = message;
  const below = aSpan({ end: start, traceId, parentId, service: 'shipping', kind: 'consumer', attributes: system });
  assert.deepEqual(edgesOf([message, below]).counts, { 'orders>broker': 1, 'broker>shipping': 1 });
});

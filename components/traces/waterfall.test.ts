import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SpanView } from '../../server/contract/traces.ts';
import { spanNotes, waterfall } from './waterfall.ts';

const span = (
  spanId: string,
  parentId: string | null,
  offset: number,
  duration: number,
  more: Partial<SpanView> = {},
): SpanView => ({
  spanId,
  parentId,
  service: 'orders',
  pod: null,
  name: 'POST',
  kind: 'client',
  offset,
  duration,
  error: false,
  message: null,
  attributes: {},
  events: [],
  links: [],
  ...more,
});

test('children follow their parent, siblings stand in order of time', () => {
  const rows = waterfall(
    [
      span('late', 'root', 60, 10),
      span('root', null, 0, 100),
      span('early', 'root', 10, 40),
      span('leaf', 'early', 12, 5),
    ],
    100,
  );
  assert.deepEqual(
    rows.map((row) => [row.span.spanId, row.depth]),
    [
      ['root', 0],
      ['early', 1],
      ['leaf', 2],
      ['late', 1],
    ],
  );
});

test('bars are shares of the whole and never leave it', () => {
  const rows = waterfall(
    [span('root', null, 0, 100), span('child', 'root', 25, 50), span('longer', 'root', 90, 110)],
    100,
  );
  assert.deepEqual([rows[1]!.left, rows[1]!.width], [0.125, 0.25]);
  assert.ok(rows.every(({ left, width }) => left + width <= 1));
});

test('a span whose parent never arrived is shown all the same', () => {
  assert.equal(waterfall([span('orphan', 'lost', 5, 10)], 20)[0]?.depth, 0);
});

test('retries, breaker rejections, timeouts and failures are named', () => {
  const text = (more: Partial<SpanView>) => spanNotes(span('a', null, 0, 1, more)).map((note) => note.text);
  assert.deepEqual(text({ attributes: { 'http.request.resend_count': 2, 'error.type': 'timeout' }, error: true }), [
    'retry 2',
    'timed out',
  ]);
  assert.deepEqual(text({ name: 'circuit_breaker.rejected', error: true }), ['breaker open']);
  assert.deepEqual(text({ error: true, attributes: { 'http.response.status_code': 503 } }), ['HTTP 503']);
  assert.deepEqual(text({ error: true, message: 'socket hang up' }), ['socket hang up']);
  assert.deepEqual(text({}), []);
});

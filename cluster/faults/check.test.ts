import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemsOf, withDefaults, type PartialSpec } from './check.ts';

const slow: PartialSpec = { type: 'bank-slow', target: { service: 'bank' } };
const fields = (spec: PartialSpec) => problemsOf(withDefaults(spec)).map(({ field }) => field);

test('what is left out is what the type has for it, and filling in again changes nothing', () => {
  const filled = withDefaults({ ...slow, parameters: { delayMs: 1 } });
  assert.deepEqual(filled, {
    ...slow,
    ...{ share: '100%', duration: '60s', parameters: { delayMs: 1, percent: 60 } },
  });
  assert.deepEqual([withDefaults(filled), problemsOf(filled)], [filled, []]);
});

test('each field that is wrong is named, all at once', () => {
  const parameters = { delayMs: NaN, percent: 0, depth: 1 };
  assert.deepEqual(fields({ ...slow, target: { pod: 'a' }, parameters, duration: '1y', share: 0 as never }), [
    'spec.target',
    'spec.parameters.depth',
    'spec.parameters.delayMs',
    'spec.parameters.percent',
    'spec.duration',
    'spec.share',
  ]);
});

test('one target is given, of a kind that the type acts on', () => {
  for (const target of [{}, { service: '' }, { service: 'a', pod: 'b' }, { node: 'node-1' }]) {
    assert.deepEqual(fields({ ...slow, target }), ['spec.target'], JSON.stringify(target));
  }
  for (const target of [{ pod: 'a' }, { service: 'a' }]) assert.deepEqual(fields({ type: 'pod-kill', target }), []);
});

test('durations are read as Kubernetes writes them', () => {
  for (const duration of ['1s', '90s', '1m30s', '15m', '1000ms']) assert.deepEqual(fields({ ...slow, duration }), []);
  for (const duration of ['', '0s', '500ms', '16m', '1', '-1s', 's']) {
    assert.deepEqual(fields({ ...slow, duration }), ['spec.duration'], duration);
  }
  assert.deepEqual(fields({ type: 'pod-kill', target: { pod: 'a' }, duration: '1s' }), ['spec.duration']);
});

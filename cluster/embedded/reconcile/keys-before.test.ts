import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod } from '../kinds/types.ts';
import { withKeysBefore } from './keys-before.ts';

const pod = (uid: string, app: string): Pod => ({ metadata: { name: uid, uid, labels: { app } } });

test('what an object concerned before its change is concerned by the change, and by no later one', () => {
  const keysOf = withKeysBefore<Pod>(({ metadata }) => metadata.labels!['app']!);
  assert.deepEqual(keysOf(pod('a', 'web'), 'ADDED'), ['web']);
  assert.deepEqual(keysOf(pod('b', 'shop'), 'ADDED'), ['shop']);
  assert.deepEqual(keysOf(pod('a', 'debug'), 'MODIFIED'), ['web', 'debug']);
  assert.deepEqual(keysOf(pod('a', 'debug'), 'MODIFIED'), ['debug']);
  assert.deepEqual(keysOf(pod('a', 'debug'), 'DELETED'), ['debug']);
});

test('an object that concerned nobody may come to concern somebody', () => {
  const keysOf = withKeysBefore<Pod>(({ metadata }) => (metadata.labels!['app'] === 'web' ? ['web'] : null));
  assert.deepEqual(keysOf(pod('a', 'debug'), 'ADDED'), []);
  assert.deepEqual(keysOf(pod('a', 'web'), 'MODIFIED'), ['web']);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { threeWayPatch } from './three-way-patch.ts';
import { mergePatchOf } from './testing/merge.ts';

test('nothing to do is null, also where the server has added defaults', () => {
  const desired = { spec: { containers: [{ name: 'a', env: [{ name: 'X', value: '1' }] }] } };
  const live = {
    spec: { replicas: 1, containers: [{ name: 'a', image: 'i', env: [{ name: 'X', value: '1' }] }] },
    status: { ready: true },
  };
  assert.equal(threeWayPatch(desired, desired, live), null);
});

test('what we set before and want no more is removed, what others set stays', () => {
  const applied = { data: { OURS: '1', KEPT: '1' } };
  const live = { data: { OURS: '1', KEPT: '1', THEIRS: '1' } };
  const patch = threeWayPatch(applied, { data: { KEPT: '2' } }, live);
  assert.deepEqual(mergePatchOf(live, patch), { data: { KEPT: '2', THEIRS: '1' } });
});

test('a list is replaced whole when an item has changed or gone', () => {
  const live = {
    env: [
      { name: 'A', value: '1' },
      { name: 'B', value: '2' },
    ],
  };
  assert.deepEqual(threeWayPatch(live, { env: [{ name: 'A', value: '1' }] }, live), {
    env: [{ name: 'A', value: '1' }],
  });
  const changed = {
    env: [
      { name: 'A', value: '9' },
      { name: 'B', value: '2' },
    ],
  };
  assert.deepEqual(threeWayPatch(live, changed, live), changed);
});

test('drift of a field that we set is undone', () => {
  assert.deepEqual(threeWayPatch({ spec: { replicas: 1 } }, { spec: { replicas: 1 } }, { spec: { replicas: 3 } }), {
    spec: { replicas: 1 },
  });
});

test('a field that is an object now and was none is set whole', () => {
  assert.deepEqual(threeWayPatch({}, { spec: { strategy: { type: 'Recreate' } } }, { spec: { strategy: null } }), {
    spec: { strategy: { type: 'Recreate' } },
  });
});

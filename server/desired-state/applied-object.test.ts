import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Manifest } from '../../cluster/client/apply.ts';
import { AppliedObject } from './applied-object.ts';

type Till = Manifest & { spec: object; status: object };

const till = (resourceVersion: string, replicas: number, status: object = {}): Till => ({
  ...{ apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'till', namespace: 'shop', resourceVersion } },
  ...{ spec: { replicas }, status },
});
const applied = () => {
  const live = till('10', 2);
  return new AppliedObject(live, '', { live, outcome: 'changed', fields: [], others: [] });
};

test('what a watch brings late, and what others report in the status, is nobody having touched it', () => {
  const object = applied();
  assert.equal(object.isTouched(till('9', 1)), false);
  assert.equal(object.isTouched(till('10', 2)), false);
  assert.equal(object.isTouched(till('11', 2, { replicas: 2 })), false);
  assert.equal(object.isTouched(till('12', 3)), true);
});

test('an object is gone when it was there; before that the watch has not brought it yet', () => {
  const object = applied();
  assert.equal(object.isTouched(undefined), false);
  object.isTouched(till('9', 2));
  assert.equal(object.isTouched(undefined), false, 'that was the one before');
  object.isTouched(till('10', 2));
  assert.equal(object.isTouched(undefined), true);
});

test('drift is what somebody has set otherwise of what the manifest says, field by field', () => {
  const manifest = { ...till('10', 2), spec: { replicas: 2, template: { image: 'till:1', args: ['a', 'b'] } } };
  const live = { ...manifest, spec: { ...manifest.spec, paused: false } };
  const object = new AppliedObject(manifest, '', { live, outcome: 'changed', fields: [], others: [] });
  const now = (spec: object) => ({ ...till('11', 2), spec }) as Manifest;
  assert.deepEqual(object.drift(live), []);
  assert.deepEqual(object.drift(now({ ...live.spec, paused: true, note: 'theirs' })), [], 'they set it beside ours');
  assert.deepEqual(object.drift(now({ ...live.spec, replicas: 5, template: { args: ['a', 'c'] } })), [
    { field: 'spec.replicas', desired: '2', live: '5' },
    { field: 'spec.template.image', desired: 'till:1', live: null },
    { field: 'spec.template.args[1]', desired: 'b', live: 'c' },
  ]);
  const [long] = object.drift(now({ ...live.spec, template: { ...live.spec.template, image: 'x'.repeat(5000) } }));
  assert.equal(long?.live?.length, 201);
});

test('of a Secret it is told which key has drifted, and no value, also where it was written as text', () => {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'key', annotations: { of: 'a' } } };
  const live = (resourceVersion: string, data: object) =>
    ({ ...secret, metadata: { ...secret.metadata, resourceVersion }, data }) as Manifest;
  const applied = { live: live('10', { key: 'YQ==' }), outcome: 'created' as const, fields: [], others: [] };
  for (const written of [{ stringData: { key: 'a' } }, { data: { key: 'YQ==' } }]) {
    const object = new AppliedObject({ ...secret, ...written }, '', applied);
    const drift = object.drift(live('11', { key: 'Yg==' }));
    assert.deepEqual(drift, [{ field: 'data.key', desired: '(hidden)', live: '(hidden)' }]);
  }
});

test('what was deleted is missing, what the watch has not brought yet is not', () => {
  const object = applied();
  assert.equal(object.isMissing(undefined), false);
  object.isTouched(till('10', 2));
  assert.equal(object.isMissing(undefined), true);
});

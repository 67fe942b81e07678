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

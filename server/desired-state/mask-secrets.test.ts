import assert from 'node:assert/strict';
import { test } from 'node:test';
import { masked } from './mask-secrets.ts';

const secret = (value: string) => ({
  ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'jwt' }, type: 'Opaque' },
  ...{ data: { KEY: Buffer.from(value).toString('base64') }, stringData: { PLAIN: value } },
});

test('of a Secret its values are hidden, and that one has changed is seen', () => {
  const text = JSON.stringify(masked(secret('sesame')));
  assert.doesNotMatch(text, /sesame|c2VzYW1l/);
  assert.match(text, /"KEY":"\(hidden, [0-9a-f]{8}\)"/);
  assert.deepEqual(masked(secret('sesame')), masked(secret('sesame')));
  assert.notDeepEqual(masked(secret('sesame')), masked(secret('other')));
});

test('everything else is shown as it is', () => {
  const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'shop' }, data: { A: '1' } };
  assert.equal(masked(manifest), manifest);
});

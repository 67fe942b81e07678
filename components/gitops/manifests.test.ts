import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentsWith } from './manifests.ts';

const yaml = `---
kind: Service
name: payments
---
kind: Deployment
name: payments
---
kind: Service
name: orders
`;

test('without words every document is there, without separators', () => {
  assert.deepEqual(
    documentsWith(yaml, '').map((document) => document.split('\n')[0]),
    ['kind: Service', 'kind: Deployment', 'kind: Service'],
  );
});

test('every word must be in the document', () => {
  assert.deepEqual(documentsWith(yaml, 'service  PAYMENTS'), ['kind: Service\nname: payments']);
  assert.deepEqual(documentsWith(yaml, 'nothing'), []);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { phaseOf } from './scenario.ts';

test('the phase follows the shop, whoever changed it', () => {
  const at = { acting: false, remedied: false, served: null };
  assert.equal(phaseOf({ ...at, served: undefined }), 'starting');
  assert.equal(phaseOf({ ...at, served: 'no orders yet' }), 'starting');
  assert.equal(phaseOf(at), 'well');
  assert.equal(phaseOf({ ...at, acting: true, served: 'customers wait' }), 'broken');
  assert.equal(phaseOf({ ...at, acting: true, remedied: true }), 'helped');
  assert.equal(phaseOf({ ...at, remedied: true, served: 'orders fail' }), 'mended');
});

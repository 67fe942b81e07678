import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missingImages } from './node-images.ts';
import type { Node } from './objects.ts';

const node = (images?: string): Node => ({
  metadata: { name: 'node-1', ...(images && { annotations: { 'breakwater.dev/images': images } }) },
});

test('an image is missing where no node has it and none can pull it', () => {
  assert.deepEqual(missingImages([node('postgres,node'), node('redis')], ['redis', 'nginx']), ['nginx']);
  assert.deepEqual(missingImages([node('postgres'), node()], ['nginx']), []);
  assert.deepEqual(missingImages([], ['nginx']), [], 'nothing is known yet');
});

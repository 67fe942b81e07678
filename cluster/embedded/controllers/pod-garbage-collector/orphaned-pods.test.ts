import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orNull } from '../../reconcile/api-errors.ts';
import { podOnNode, revision, testContext } from '../../testing/controller-fixture.ts';
import { reconcileOrphan } from './orphaned-pods.ts';

test('a pod of a vanished node is deleted at once; others are left alone', async () => {
  const api = await podOnNode();
  const before = await revision(api);
  await reconcileOrphan(testContext(api), 'shop/web');
  assert.equal(await revision(api), before);
  await api.delete('Node', 'node-1');
  await reconcileOrphan(testContext(api), 'shop/web');
  assert.equal(await orNull(api.get('Pod', 'web', 'shop')), null);
});

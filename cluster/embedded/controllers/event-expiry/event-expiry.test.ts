import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyCluster, revision, testContext } from '../../testing/controller-fixture.ts';
import { expireEvent } from './event-expiry.ts';

test('an Event goes an hour after it was last seen', async () => {
  const api = await emptyCluster();
  const context = testContext(api);
  const involvedObject = { kind: 'Pod', name: 'web', namespace: 'shop' };
  const lastTimestamp = new Date(context.now()).toISOString();
  await api.create('Event', {
    metadata: { name: 'web.1', namespace: 'shop' },
    involvedObject,
    lastTimestamp,
    reason: 'Started',
  });
  const before = await revision(api);
  context.pass(3599);
  assert.equal(await expireEvent(context, 'shop/web.1'), 1000);
  assert.equal(await revision(api), before, 'nothing to do yet');
  context.pass(1);
  assert.equal(await expireEvent(context, 'shop/web.1'), undefined);
  await assert.rejects(api.get('Event', 'web.1', 'shop'), { code: 'NotFound' });
});

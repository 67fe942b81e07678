import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Api } from '../apiserver/api.ts';
import type { Node, Pod } from '../kinds/types.ts';
import { orNull } from '../reconcile/api-errors.ts';
import { expireEvent } from './event-expiry.ts';
import { reconcileNode } from './node-lifecycle.ts';
import { reconcileOrphan } from './orphaned-pods.ts';
import { isReady } from './pod-state.ts';
import { emptyCluster, podTemplate, revision, run } from '../testing/controller-fixture.ts';

async function withPodOnNode() {
  const api = await emptyCluster();
  await api.create('Node', { metadata: { name: 'node-1' } });
  await api.patch(
    'Node',
    'node-1',
    undefined,
    { status: { conditions: [{ type: 'Ready', status: 'True' }] } },
    'status',
  );
  await api.create('Lease', {
    metadata: { name: 'node-1', namespace: 'kube-node-lease' },
    spec: { renewTime: new Date().toISOString().replace('Z', '000Z') },
  });
  const { metadata, spec } = podTemplate();
  const pod = await api.create('Pod', { metadata: { ...metadata, name: 'web', namespace: 'shop' }, spec } as Pod);
  await api.bind('web', 'shop', 'node-1');
  await run(api, pod, true);
  return api;
}

const readiness = (node: Node) => node.status!.conditions!.find(({ type }) => type === 'Ready')!.status;
const theNode = (api: Api) => api.get('Node', 'node-1');
const thePod = (api: Api) => api.get('Pod', 'web', 'shop');

test('a node whose kubelet renews its Lease stays as it is, and is looked at again when that runs out', async () => {
  const api = await withPodOnNode();
  const before = await revision(api);
  const again = await reconcileNode(api, '/node-1', Date.now());
  assert.ok(again! > 39_000 && again! <= 40_000, `again in ${again} ms`);
  assert.equal(await revision(api), before);
});

test('a node whose kubelet has fallen silent is Unknown, and its pods are not ready', async () => {
  const api = await withPodOnNode();
  await reconcileNode(api, '/node-1', Date.now() + 41_000);
  assert.equal(readiness(await theNode(api)), 'Unknown');
  assert.equal(isReady(await thePod(api)), false);
  const before = await revision(api);
  await reconcileNode(api, '/node-1', Date.now() + 42_000);
  assert.equal(await revision(api), before, 'said once');
});

test('a pod of a vanished node is deleted at once; others are left alone', async () => {
  const api = await withPodOnNode();
  const before = await revision(api);
  await reconcileOrphan(api, 'shop/web');
  assert.equal(await revision(api), before);
  await api.delete('Node', 'node-1');
  await reconcileOrphan(api, 'shop/web');
  assert.equal(await orNull(thePod(api)), null);
});

test('an Event goes an hour after it was last seen', async () => {
  const api = await emptyCluster();
  const now = Date.now();
  const involvedObject = { kind: 'Pod', name: 'web', namespace: 'shop' };
  const lastTimestamp = new Date(now).toISOString();
  await api.create('Event', {
    metadata: { name: 'web.1', namespace: 'shop' },
    involvedObject,
    lastTimestamp,
    reason: 'Started',
  });
  assert.equal(await expireEvent(api, 'shop/web.1', now + 3_599_000), 1000);
  assert.equal(await expireEvent(api, 'shop/web.1', now + 3_600_000), undefined);
  await assert.rejects(api.get('Event', 'web.1', 'shop'), { code: 'NotFound' });
});

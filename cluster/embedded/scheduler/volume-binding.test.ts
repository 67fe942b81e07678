import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SELECTED_NODE } from '../kinds/persistent-volume-claim.ts';
import type { PersistentVolumeClaim, Pod } from '../kinds/types.ts';
import { emptyCluster, revision } from '../testing/controller-fixture.ts';
import { claimsOf, selectNode } from './volume-binding.ts';

const pod = {
  metadata: { name: 'web', namespace: 'shop' },
  spec: { containers: [], volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] },
} as Pod;

async function withClaim(volumeBindingMode: string) {
  const api = await emptyCluster();
  await api.create('StorageClass', { metadata: { name: 'some' }, provisioner: 'example.com/disk', volumeBindingMode });
  const claim: PersistentVolumeClaim = {
    metadata: { name: 'data', namespace: 'shop' },
    spec: { storageClassName: 'some', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
  };
  return { api, claim: await api.create('PersistentVolumeClaim', claim) };
}

test('a claim of a class that waits is told the node, once', async () => {
  const { api } = await withClaim('WaitForFirstConsumer');
  const { obstacle, waiting } = await claimsOf(api, pod);
  assert.equal(obstacle, undefined);
  await selectNode(api, waiting, 'node-1');
  const told = await claimsOf(api, pod);
  assert.equal(told.waiting[0]!.metadata.annotations![SELECTED_NODE], 'node-1');
  const before = await revision(api);
  await selectNode(api, told.waiting, 'node-1');
  assert.equal(await revision(api), before);
});

test('a claim that is bound says nothing', async () => {
  const { api, claim } = await withClaim('Immediate');
  await api.updateStatus('PersistentVolumeClaim', { ...claim, status: { phase: 'Bound' } });
  assert.deepEqual(await claimsOf(api, pod), { waiting: [] });
});

test('a claim that is missing, unbound, lost or going keeps the pod where it is', async () => {
  assert.equal((await claimsOf(await emptyCluster(), pod)).obstacle, 'persistentvolumeclaim "data" not found');
  const { api, claim } = await withClaim('Immediate');
  assert.equal((await claimsOf(api, pod)).obstacle, 'pod has unbound immediate PersistentVolumeClaims');
  const lost = await api.patch('PersistentVolumeClaim', 'data', 'shop', { spec: { volumeName: 'gone' } });
  await api.updateStatus('PersistentVolumeClaim', { ...lost, status: { phase: 'Lost' } });
  const message = 'persistentvolumeclaim "data" bound to non-existent persistentvolume "gone"';
  assert.equal((await claimsOf(api, pod)).obstacle, message);
  await api.delete('PersistentVolumeClaim', claim.metadata.name, 'shop');
  assert.equal((await claimsOf(api, pod)).obstacle, 'persistentvolumeclaim "data" is being deleted');
});

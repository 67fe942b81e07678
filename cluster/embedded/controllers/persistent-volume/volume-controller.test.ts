import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PersistentVolume } from '../../kinds/types.ts';
import { emptyCluster, revision, testContext } from '../../testing/controller-fixture.ts';
import { reconcileClaim } from './claim-controller.ts';
import { ensureStandardClass, provision } from './provisioner.ts';
import { reconcileVolume } from './volume-controller.ts';

/** A claim of a class with this policy, and the volume it is bound to. */
async function boundVolume(reclaimPolicy: string) {
  const api = await emptyCluster();
  const context = testContext(api);
  const removed: string[] = [];
  const [name, provisioner] = ['folders', 'breakwater.dev/folder'];
  const of = await api.create('StorageClass', { metadata: { name }, provisioner, reclaimPolicy });
  const claim = await api.create('PersistentVolumeClaim', {
    metadata: { name: 'data', namespace: 'shop' },
    spec: { storageClassName: name, accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
  });
  const volume = await provision(api, claim, of);
  const reconcile = () => reconcileVolume(context, `/${volume}`, async (path) => void removed.push(path));
  const unbind = async () => {
    await api.delete('PersistentVolumeClaim', 'data', 'shop');
    await reconcileClaim(context, 'shop/data');
  };
  await reconcileClaim(context, 'shop/data');
  await reconcile();
  return { api, context, volume, reconcile, unbind, removed };
}

describe('the volume controller', () => {
  it('says that a volume is bound, and then does nothing more', async () => {
    const { api, volume, reconcile } = await boundVolume('Delete');
    assert.equal((await api.get('PersistentVolume', volume)).status!.phase, 'Bound');
    const before = await revision(api);
    await reconcile();
    assert.equal(await revision(api), before);
  });

  it('removes a volume and its folder once the claim is gone', async () => {
    const { api, volume, reconcile, unbind, removed } = await boundVolume('Delete');
    await unbind();
    for (let turn = 0; turn < 3; turn++) await reconcile();
    await assert.rejects(api.get('PersistentVolume', volume), { code: 'NotFound' });
    assert.ok(removed.every((path) => path === `/persistent-volumes/shop_data_${volume}`));
    assert.ok(removed.length > 0);
  });

  it('keeps a volume to be retained, with its folder, and then does nothing more', async () => {
    const { api, volume, reconcile, unbind, removed } = await boundVolume('Retain');
    await unbind();
    await reconcile();
    assert.equal((await api.get('PersistentVolume', volume)).status!.phase, 'Released');
    const before = await revision(api);
    await reconcile();
    assert.equal(await revision(api), before);
    assert.deepEqual(removed, []);
  });

  it('keeps a bound volume that is deleted until the claim is gone', async () => {
    const { api, volume, reconcile, unbind } = await boundVolume('Retain');
    await api.delete('PersistentVolume', volume);
    await reconcile();
    assert.ok((await api.get('PersistentVolume', volume)).metadata.deletionTimestamp);
    await unbind();
    await reconcile();
    await assert.rejects(api.get('PersistentVolume', volume), { code: 'NotFound' });
  });

  it('removes no folder that somebody else has made', async () => {
    const { api, context, volume, unbind } = await boundVolume('Retain');
    const { spec } = await api.get('PersistentVolume', volume);
    const own: PersistentVolume = {
      metadata: { name: 'own' },
      spec: { ...spec, hostPath: { path: '/precious' }, persistentVolumeReclaimPolicy: 'Delete' },
    };
    await api.create('PersistentVolume', own);
    await unbind();
    const reconcile = () => reconcileVolume(context, '/own', () => assert.fail('it was removed'));
    await reconcile();
    const { phase, reason } = (await api.get('PersistentVolume', 'own')).status!;
    assert.deepEqual([phase, reason], ['Failed', 'VolumeFailedDelete']);
    const before = await revision(api);
    await reconcile();
    assert.equal(await revision(api), before);
  });

  it('calls a volume that nobody wants, or that waits for its claim, available', async () => {
    const { api, context } = await boundVolume('Retain');
    for (const [name, claimRef] of [
      ['free', undefined],
      ['kept', { name: 'other', namespace: 'shop' }],
    ] as const) {
      const base = { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Mi' }, hostPath: { path: '/x' } };
      await api.create('PersistentVolume', { metadata: { name }, spec: { ...base, claimRef } });
      await reconcileVolume(context, `/${name}`, () => assert.fail('it was removed'));
      assert.equal((await api.get('PersistentVolume', name)).status!.phase, 'Available');
    }
  });

  it('makes the default class once, and leaves it as people have made it', async () => {
    const { api } = await boundVolume('Retain');
    await ensureStandardClass(api);
    await api.patch('StorageClass', 'standard', undefined, { metadata: { annotations: null } });
    const before = await revision(api);
    await ensureStandardClass(api);
    assert.equal(await revision(api), before);
  });
});

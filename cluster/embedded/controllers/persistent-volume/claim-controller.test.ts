import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Api } from '../../apiserver/api.ts';
import { SELECTED_NODE } from '../../kinds/persistent-volume-claim.ts';
import type { PersistentVolume, PersistentVolumeClaim, Pod } from '../../kinds/types.ts';
import { emptyCluster, revision, testContext } from '../../testing/controller-fixture.ts';
import { reconcileClaim } from './claim-controller.ts';
import { ensureStandardClass } from './provisioner.ts';

const claim = (spec: object = {}): PersistentVolumeClaim => ({
  metadata: { name: 'data', namespace: 'shop' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Mi' } }, ...spec },
});

const volume = (name: string, storage: string, spec: object = {}): PersistentVolume => ({
  metadata: { name, labels: { disk: name } },
  spec: { accessModes: ['ReadWriteOnce'], capacity: { storage }, hostPath: { path: `/${name}` }, ...spec },
});

async function cluster() {
  const api = await emptyCluster();
  await ensureStandardClass(api);
  const context = testContext(api);
  return { ...context, reconcile: () => reconcileClaim(context, 'shop/data') };
}

const now = (api: Api) => api.get('PersistentVolumeClaim', 'data', 'shop');

const select = (api: Api) =>
  api.patch('PersistentVolumeClaim', 'data', 'shop', { metadata: { annotations: { [SELECTED_NODE]: 'node-1' } } });

describe('the claim controller', () => {
  it('waits for the first pod, makes a volume, binds both, and then does nothing more', async () => {
    const { api, events, reconcile } = await cluster();
    const { metadata } = await api.create('PersistentVolumeClaim', claim());
    await reconcile();
    assert.equal((await api.list('PersistentVolume')).items.length, 0);
    assert.match(events.noted[0]!, /^WaitForFirstConsumer/);
    await select(api);
    await reconcile();
    await reconcile();
    const { spec, status } = await now(api);
    assert.equal(spec!.volumeName, `pvc-${metadata.uid}`);
    assert.deepEqual(status, { phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage: '10Mi' } });
    const before = await revision(api);
    await reconcile();
    assert.equal(await revision(api), before);
    assert.match(events.noted[1]!, /^ProvisioningSucceeded: Successfully provisioned volume pvc-/);
    assert.equal(events.noted.length, 2);
  });

  it('goes on wherever it was broken off', async () => {
    const { api, reconcile } = await cluster();
    await api.create('PersistentVolumeClaim', claim());
    await select(api);
    await reconcile();
    const [made] = (await api.list('PersistentVolume')).items;
    // Bound, but the status was never written.
    const metadata = { annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } };
    await api.patch('PersistentVolumeClaim', 'data', 'shop', { metadata, spec: { volumeName: made!.metadata.name } });
    await reconcile();
    assert.equal((await now(api)).status!.phase, 'Bound');
  });

  it('takes the smallest volume that suits: class, size, modes, labels', async () => {
    const { api, reconcile } = await cluster();
    for (const one of [
      volume('large', '1Gi'),
      volume('fits', '20Mi'),
      volume('small', '1Mi'),
      volume('classy', '10Mi', { storageClassName: 'standard' }),
      volume('taken', '10Mi', { claimRef: { name: 'other', namespace: 'shop' } }),
      volume('shared', '10Mi', { accessModes: ['ReadOnlyMany'] }),
    ]) {
      await api.create('PersistentVolume', one);
    }
    await api.create('PersistentVolumeClaim', claim({ storageClassName: '' }));
    await reconcile();
    assert.equal((await now(api)).spec!.volumeName, 'fits');
    const { claimRef } = (await api.get('PersistentVolume', 'fits')).spec!;
    assert.equal(claimRef!.uid, (await now(api)).metadata.uid);
  });

  it('lets a selector choose', async () => {
    const { api, reconcile } = await cluster();
    for (const name of ['one', 'two']) await api.create('PersistentVolume', volume(name, '10Mi'));
    await api.create(
      'PersistentVolumeClaim',
      claim({ storageClassName: '', selector: { matchLabels: { disk: 'two' } } }),
    );
    await reconcile();
    assert.equal((await now(api)).spec!.volumeName, 'two');
  });

  for (const [what, spec, event] of [
    ['no class and no volume', { storageClassName: '' }, /^FailedBinding: no persistent volumes available/],
    ['a class that is not there', { storageClassName: 'gone' }, /^ProvisioningFailed: .*"gone" not found/],
    ['a class of somebody else', { storageClassName: 'other' }, /^ExternalProvisioning: .*'example\.com\/disk'/],
  ] as const) {
    it(`leaves a claim pending that has ${what}, says so, and writes nothing`, async () => {
      const { api, events, reconcile } = await cluster();
      await api.create('StorageClass', { metadata: { name: 'other' }, provisioner: 'example.com/disk' });
      await api.create('PersistentVolumeClaim', claim(spec));
      const before = await revision(api);
      await reconcile();
      assert.match(events.noted.join('\n'), event);
      assert.equal(await revision(api), before);
    });
  }

  it('tells once that a claim has lost its volume', async () => {
    const { api, events, reconcile } = await cluster();
    await api.create('PersistentVolumeClaim', claim({ storageClassName: '' }));
    await api.create('PersistentVolume', volume('fits', '10Mi'));
    await reconcile();
    await api.patch('PersistentVolume', 'fits', undefined, { metadata: { finalizers: null } });
    await api.delete('PersistentVolume', 'fits');
    await reconcile();
    await reconcile();
    assert.equal((await now(api)).status!.phase, 'Lost');
    assert.equal(events.noted.filter((said) => said.startsWith('ClaimLost')).length, 1);
  });

  it('keeps a claim that is deleted until no pod on a node has it', async () => {
    const { api, reconcile } = await cluster();
    await api.create('PersistentVolumeClaim', claim());
    const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
    const spec = { containers: [{ name: 'web', image: 'node:24' }], volumes };
    await api.create('Pod', { metadata: { name: 'web', namespace: 'shop' }, spec } as Pod);
    await api.create('Node', { metadata: { name: 'node-1' } });
    await api.bind('web', 'shop', 'node-1');
    await api.delete('PersistentVolumeClaim', 'data', 'shop');
    await reconcile();
    assert.ok((await now(api)).metadata.deletionTimestamp);
    await api.delete('Pod', 'web', 'shop', { gracePeriodSeconds: 0 });
    await reconcile();
    await assert.rejects(now(api), { code: 'NotFound' });
    await reconcile();
  });
});

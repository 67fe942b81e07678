import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { noSmallDisk, smallDisk } from '../../testing/small-disk.ts';
import { openClusterState } from '../../apiserver/cluster-state.ts';
import { emptyCluster, revision } from '../../testing/controller-fixture.ts';
import { until } from '../../testing/until.ts';
import { reconcileNamespace, startNamespaceController } from './namespace-controller.ts';

const gone = (list: { metadata: { name: string } }[], name: string) =>
  list.every(({ metadata }) => metadata.name !== name);

test('a namespace goes once it is empty, and takes all that is in it along', async (t) => {
  const api = await emptyCluster();
  const controller = startNamespaceController({ api });
  t.after(() => controller.close());
  await api.create('ConfigMap', { metadata: { name: 'one', namespace: 'shop', finalizers: ['example.org/kept'] } });
  await api.create('ConfigMap', { metadata: { name: 'two', namespace: 'shop' } });
  await api.delete('Namespace', 'shop');
  const contents = async () => (await api.list('ConfigMap', { namespace: 'shop' })).items;
  await until('only what is held is left', async () => (await contents()).length === 1);
  assert.ok(!gone((await api.list('Namespace')).items, 'shop'), 'it waits for what is held');
  await api.patch('ConfigMap', 'one', 'shop', { metadata: { finalizers: null } });
  await until('it is gone', async () => gone((await api.list('Namespace')).items, 'shop'));
});

test('what is left in a namespace, and what holds it, is said once', async () => {
  const api = await emptyCluster();
  await api.create('ConfigMap', { metadata: { name: 'one', namespace: 'shop', finalizers: ['example.org/kept'] } });
  await api.delete('Namespace', 'shop');
  await reconcileNamespace(api, 'shop');
  const { conditions = [] } = (await api.get('Namespace', 'shop')).status!;
  const said = conditions.filter(({ status }) => status === 'True').map(({ message }) => message);
  assert.deepEqual(said, [
    'Some resources are remaining: configmaps. has 1 resource instances',
    'Some content in the namespace has finalizers remaining: example.org/kept in 1 resource instances',
  ]);
  const before = await revision(api);
  await reconcileNamespace(api, 'shop');
  assert.equal(await revision(api), before);
});

test('with nothing to do it writes nothing', async () => {
  const api = await emptyCluster();
  const before = await revision(api);
  await reconcileNamespace(api, 'shop');
  await reconcileNamespace(api, 'never-there');
  assert.equal(await revision(api), before);
});

test('the namespace of the leases comes back', async (t) => {
  const api = await emptyCluster();
  const controller = startNamespaceController({ api });
  t.after(() => controller.close());
  const lease = async () => api.get('Namespace', 'kube-node-lease');
  const { uid } = (await lease()).metadata;
  await api.delete('Namespace', 'kube-node-lease');
  await until('it is another one', async () => {
    const now = await lease().catch(() => null);
    return now !== null && now.metadata.uid !== uid;
  });
});

test(
  'a disk that is full while a namespace is emptied holds that up, and ends nothing',
  { skip: noSmallDisk },
  async (t) => {
    const disk = smallDisk(32);
    t.after(() => disk.remove());
    const { api, close } = openClusterState(join(disk.folder, 'cluster.db'));
    t.after(() => close());
    const controller = startNamespaceController({ api });
    t.after(() => controller.close());
    await api.create('Namespace', { metadata: { name: 'shop' } });
    const data = { text: 'x'.repeat(20_000) };
    for (let i = 0; i < 40; i++)
      await api.create('ConfigMap', { metadata: { name: `note-${i}`, namespace: 'shop' }, data });
    const left = async () => (await api.list('ConfigMap', { namespace: 'shop' })).items.length;
    await api.delete('Namespace', 'shop');
    disk.fill();
    // As many turns of the event loop as the whole emptying would take.
    for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
    assert.ok((await left()) > 0, 'something could not be written');
    disk.empty();
    await until('it is gone', async () => gone((await api.list('Namespace')).items, 'shop'));
    assert.equal(await left(), 0);
  },
);

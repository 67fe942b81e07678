import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { noSmallDisk, smallDisk } from '../../testing/small-disk.ts';
import { until } from '../../testing/until.ts';
import { openClusterState } from '../cluster-state.ts';

const gone = (list: { metadata: { name: string } }[], name: string) =>
  list.every(({ metadata }) => metadata.name !== name);

test('a namespace goes once it is empty, and takes all that is in it along', async () => {
  const { api, close } = openClusterState();
  await api.create('Namespace', { metadata: { name: 'shop' } });
  await api.create('ConfigMap', { metadata: { name: 'one', namespace: 'shop', finalizers: ['example.org/kept'] } });
  await api.create('ConfigMap', { metadata: { name: 'two', namespace: 'shop' } });
  await api.delete('Namespace', 'shop');
  const contents = async () => (await api.list('ConfigMap', { namespace: 'shop' })).items;
  await until('only what is held is left', async () => (await contents()).length === 1);
  assert.ok(!gone((await api.list('Namespace')).items, 'shop'), 'it waits for what is held');
  await api.patch('ConfigMap', 'one', 'shop', { metadata: { finalizers: null } });
  await until('it is gone', async () => gone((await api.list('Namespace')).items, 'shop'));
  close();
});

test(
  'a disk that is full while a namespace is emptied holds that up, and ends nothing',
  { skip: noSmallDisk },
  async (t) => {
    const disk = smallDisk(32);
    t.after(() => disk.remove());
    const { api, close } = openClusterState(join(disk.folder, 'cluster.db'));
    t.after(() => close());
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

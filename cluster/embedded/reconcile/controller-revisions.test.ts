import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StatefulSet } from '../kinds/types.ts';
import { emptyCluster, podTemplate, revision } from '../testing/controller-fixture.ts';
import { syncRevisions, templateOf } from './controller-revisions.ts';

async function withSet() {
  const api = await emptyCluster();
  const spec = { serviceName: 'db', selector: { matchLabels: { app: 'web' } }, template: podTemplate() };
  await api.create('StatefulSet', { metadata: { name: 'db', namespace: 'shop' }, spec } as StatefulSet);
  const set = () => api.get('StatefulSet', 'db', 'shop');
  return { api, set, sync: async () => syncRevisions(api, await set()) };
}

test('a revision holds the template that it is named for, as a patch that kubectl can undo to', async () => {
  const { set, sync } = await withSet();
  const [made] = await sync();
  assert.equal(made!.revision, 1);
  assert.equal(made!.metadata.name, `db-${made!.metadata.labels!['controller.kubernetes.io/hash']}`);
  assert.deepEqual(templateOf(made!), (await set()).spec!.template);
  assert.equal((made!.data as { spec: { template: { $patch: string } } }).spec.template.$patch, 'replace');
});

test('where the newest revision has the template, nothing is written', async () => {
  const { api, sync } = await withSet();
  const made = await sync();
  const before = await revision(api);
  assert.deepEqual(await sync(), made);
  assert.equal(await revision(api), before);
});

test('a hash that another template has already is given another try', async () => {
  const { api, set, sync } = await withSet();
  const [first] = await sync();
  const { name } = first!.metadata;
  await api.delete('ControllerRevision', name, 'shop', {});
  await api.create('ControllerRevision', { metadata: { name, namespace: 'shop' }, data: {}, revision: 7 });
  await assert.rejects(sync(), { code: 'AlreadyExists' });
  assert.equal((await set()).status!.collisionCount, 1);
  const [second] = await sync();
  assert.notEqual(second!.metadata.name, name);
});

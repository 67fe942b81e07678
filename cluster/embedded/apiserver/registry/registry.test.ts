import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Api } from '../api.ts';
import { startGarbageCollector } from '../../controllers/garbage-collector/garbage-collector.ts';
import { startNamespaceController } from '../../controllers/namespace/namespace-controller.ts';
import { configMap } from '../../kinds/config-map.ts';
import type { Kind } from '../../kinds/kind.ts';
import type { KindName } from '../../kinds/types.ts';
import { orNull } from '../../reconcile/api-errors.ts';
import { until } from '../../testing/until.ts';
import { openClusterState } from '../cluster-state.ts';
import { Discovery } from '../http/discovery.ts';
import { OpenApi } from '../http/openapi.ts';

/** A kind like ConfigMap in a group of its own, and of the same plural. */
const note: Kind = { ...configMap, group: 'notes.example.com', version: 'v1' };
const noteName = 'ConfigMap.notes.example.com' as KindName;

async function clusterWithNotes(t: TestContext) {
  const state = openClusterState();
  t.after(() => state.close());
  const unregister = state.registry.registerKind(note);
  await state.api.create('Namespace', { metadata: { name: 'shop' } });
  return { ...state, unregister };
}

const gone = (api: Api, kind: KindName, name: string, namespace?: string) =>
  until(`${kind} ${name} is gone`, async () => !(await orNull<unknown>(api.get(kind, name, namespace))));

test('two groups may have a kind of the same name and plural', async (t) => {
  const { api } = await clusterWithNotes(t);
  await api.create('ConfigMap', { metadata: { name: 'one', namespace: 'shop' } });
  const created = await api.create(noteName, { metadata: { name: 'one', namespace: 'shop' } });
  assert.equal(created.apiVersion, 'notes.example.com/v1');
  await api.delete('ConfigMap', 'one', 'shop');
  assert.ok(await api.get(noteName, 'one', 'shop'));
});

test('two versions of a kind are the same objects', async (t) => {
  const { registry, api } = await clusterWithNotes(t);
  registry.registerKind({ ...note, version: 'v2' });
  await api.create(noteName, { metadata: { name: 'one', namespace: 'shop' }, data: { a: '1' } });
  const second = registry.find('notes.example.com', 'v2', 'configmaps')!.storage!;
  const seen: string[] = [];
  second.watch({}, undefined, ({ type, object }) => seen.push(`${type} ${object.apiVersion}`));
  const read = second.get('one', 'shop') as { apiVersion?: string; data?: object };
  assert.deepEqual([read.apiVersion, read.data], ['notes.example.com/v2', { a: '1' }]);
  second.modify('one', 'shop', (old) => ({ ...old, data: { a: '2' } }) as never);
  assert.deepEqual(((await api.get(noteName, 'one', 'shop')) as { data?: object }).data, { a: '2' });
  await until('both events came', () => seen.length === 2);
  assert.deepEqual(seen, ['ADDED notes.example.com/v2', 'MODIFIED notes.example.com/v2']);
});

test('discovery and OpenAPI tell of a kind while it is registered', async (t) => {
  const state = openClusterState();
  t.after(() => state.close());
  const [discovery, openApi] = [new Discovery(state.registry), new OpenApi(state.registry)];
  const told = () => [
    discovery.answer('/apis/notes.example.com', ''),
    openApi.answer('/openapi/v3/apis/notes.example.com/v1'),
  ];
  assert.deepEqual(told(), [undefined, undefined]);
  const unregister = state.registry.registerKind(note);
  assert.ok(told().every((answer) => answer !== undefined));
  unregister();
  assert.deepEqual(told(), [undefined, undefined]);
});

test('a namespace is emptied of a kind that came later', async (t) => {
  const { api } = await clusterWithNotes(t);
  const controller = startNamespaceController({ api });
  t.after(() => controller.close());
  await api.create(noteName, { metadata: { name: 'one', namespace: 'shop' } });
  await api.delete('Namespace', 'shop');
  await gone(api, 'Namespace', 'shop');
  assert.deepEqual((await api.list(noteName)).items, []);
});

test('the garbage collector follows owners of a kind that came later', async (t) => {
  const state = openClusterState();
  t.after(() => state.close());
  const { api } = state;
  const collector = startGarbageCollector({ api });
  t.after(() => collector.close());
  state.registry.registerKind(note);
  await api.create('Namespace', { metadata: { name: 'shop' } });
  const owner = await api.create(noteName, { metadata: { name: 'owner', namespace: 'shop' } });
  const reference = { apiVersion: 'notes.example.com/v1', kind: 'ConfigMap', name: 'owner', uid: owner.metadata.uid! };
  const namesake = { ...reference, apiVersion: 'v1' };
  await api.create('ConfigMap', { metadata: { name: 'owner', namespace: 'shop', uid: 'another' } });
  for (const [name, ownerReferences] of [
    ['mine', [reference]],
    ['orphan', [namesake]],
  ] as const)
    await api.create('ConfigMap', { metadata: { name, namespace: 'shop', ownerReferences: [...ownerReferences] } });
  await gone(api, 'ConfigMap', 'orphan', 'shop');
  assert.ok(await api.get('ConfigMap', 'mine', 'shop'));
  await api.delete(noteName, 'owner', 'shop');
  await gone(api, 'ConfigMap', 'mine', 'shop');
});

test('what an older version has stored is read with the defaults of today', async (t) => {
  const { registry, api, unregister } = await clusterWithNotes(t);
  const { metadata } = await api.create(noteName, { metadata: { name: 'one', namespace: 'shop' } });
  unregister();
  registry.registerKind({ ...note, defaults: (draft) => ((draft as { data?: object }).data ??= { color: 'blue' }) });
  const read = (await api.get(noteName, 'one', 'shop')) as { metadata: object; data?: object };
  assert.deepEqual(read, { ...read, metadata, data: { color: 'blue' } });
});

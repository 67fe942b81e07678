import assert from 'node:assert/strict';
import type { Json } from '../api.ts';
import { topic, type World } from '../case.ts';
import { ok, refused } from '../expect.ts';
import { configMap, idle, pod } from '../objects.ts';

const table = 'application/json;as=Table;v=v1;g=meta.k8s.io';
const partial = (kind: string) => `application/json;as=${kind};v=v1;g=meta.k8s.io`;

async function three({ api, core }: World): Promise<void> {
  for (const [name, labels] of [
    ['a', { app: 'web', tier: 'front' }],
    ['b', { app: 'web', tier: 'back' }],
    ['c', { app: 'store' }],
  ] as const)
    ok(await api.post(core('configmaps'), configMap(name, {}, { labels })));
}

/** Names of the ConfigMaps that a query finds, less what the cluster puts into every namespace. */
async function names({ api, core }: World, query: string): Promise<string[]> {
  const { items } = ok(await api.get(core(`configmaps?${query}`)));
  return items.map(({ metadata }: Json) => metadata.name).filter((name: string) => name !== 'kube-root-ca.crt');
}

const selected = (selector: string, expected: string[]) => async (world: World) => {
  await three(world);
  assert.deepEqual(await names(world, `labelSelector=${encodeURIComponent(selector)}`), expected);
};

export const read = topic('read', {
  'what is not there is not found, by name': async ({ api, core }) => {
    const { details } = refused(await api.get(core('configmaps/nothing')), 404, 'NotFound');
    assert.deepEqual(details, { name: 'nothing', kind: 'configmaps' });
  },
  'a list has a kind and a resource version': async ({ api, core }) => {
    const list = ok(await api.get(core('configmaps')));
    assert.equal(list.kind, 'ConfigMapList');
    assert.equal(list.apiVersion, 'v1');
    assert.match(list.metadata.resourceVersion, /^\d+$/);
  },
  'an empty list is a list': async ({ api, core }) => {
    assert.deepEqual(ok(await api.get(core('pods'))).items, []);
  },
  'a list is ordered by name': async (world) => {
    for (const name of ['b', 'c', 'a']) ok(await world.api.post(world.core('configmaps'), configMap(name)));
    assert.deepEqual(await names(world, ''), ['a', 'b', 'c']);
  },
  'a list over all namespaces has those of each': async ({ api, core, namespace }) => {
    ok(await api.post(core('configmaps'), configMap('some')));
    const { items } = ok(await api.get('/api/v1/configmaps'));
    const found = items.filter(({ metadata }: Json) => metadata.namespace === namespace);
    assert.ok(found.some(({ metadata }: Json) => metadata.name === 'some'));
  },
  'a label selector takes equality': selected('app=web', ['a', 'b']),
  'a label selector takes equality with two signs': selected('app==store', ['c']),
  'a label selector takes inequality, which those without the label fulfil': async (world) => {
    await three(world);
    assert.deepEqual(await names(world, 'labelSelector=tier%21%3Dfront'), ['b', 'c']);
  },
  'a label selector takes sets': selected('tier in (front, back)', ['a', 'b']),
  'a label selector takes what is not in a set': selected('tier notin (front),app', ['b', 'c']),
  'a label selector takes existence': selected('tier', ['a', 'b']),
  'a label selector takes absence': selected('!tier,app', ['c']),
  'a label selector takes several requirements': selected('app=web,tier=back', ['b']),
  'a label selector that is none is refused': async ({ api, core }) => {
    refused(await api.get(core('configmaps?labelSelector=%3D%3D%3D')), 400, 'BadRequest');
  },
  'a field selector takes the name': async (world) => {
    await three(world);
    assert.deepEqual(await names(world, 'fieldSelector=metadata.name%3Db'), ['b']);
  },
  'a field selector takes the status of pods': async ({ api, core }) => {
    ok(await api.post(core('pods'), pod('some', idle, {}, { nodeSelector: { never: 'there' } })));
    const find = async (selector: string) =>
      ok(await api.get(core(`pods?fieldSelector=${encodeURIComponent(selector)}`))).items.length;
    assert.equal(await find('status.phase=Pending'), 1);
    assert.equal(await find('status.phase!=Pending'), 0);
    assert.equal(await find('spec.nodeName='), 1);
  },
  'a field that cannot be selected by is refused': async ({ api, core }) => {
    refused(await api.get(core('configmaps?fieldSelector=data.color%3Dblue')), 400, 'BadRequest');
  },
  'a list comes in pages that together are the whole': async ({ api, core }) => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) ok(await api.post(core('secrets'), secret(name)));
    const found: string[] = [];
    let next = '';
    do {
      const page = ok(await api.get(core(`secrets?limit=2${next && `&continue=${encodeURIComponent(next)}`}`)));
      assert.ok(page.items.length <= 2);
      found.push(...page.items.map(({ metadata }: Json) => metadata.name));
      next = page.metadata.continue ?? '';
    } while (next);
    assert.deepEqual(found, ['a', 'b', 'c', 'd', 'e']);
  },
  'a page says how many are left': async ({ api, core }) => {
    for (const name of ['a', 'b', 'c']) ok(await api.post(core('secrets'), secret(name)));
    assert.equal(ok(await api.get(core('secrets?limit=1'))).metadata.remainingItemCount, 2);
  },
  'pages show the list as it was at the first': async ({ api, core }) => {
    for (const name of ['a', 'b', 'c']) ok(await api.post(core('secrets'), secret(name)));
    const first = ok(await api.get(core('secrets?limit=2')));
    ok(await api.post(core('secrets'), secret('d')));
    const rest = ok(await api.get(core(`secrets?limit=9&continue=${encodeURIComponent(first.metadata.continue)}`)));
    assert.deepEqual(
      rest.items.map(({ metadata }: Json) => metadata.name),
      ['c'],
    );
  },
  'a continue token that is none is refused': async ({ api, core }) => {
    const { status } = await api.get(core('configmaps?limit=1&continue=nonsense'));
    assert.equal(status, 400);
  },
  'a Table has the columns that kubectl prints': async ({ api, core }) => {
    ok(await api.post(core('configmaps'), configMap('some', { a: '1', b: '2' })));
    const { kind, columnDefinitions, rows } = ok(await api.get(core('configmaps/some'), { accept: table }));
    assert.equal(kind, 'Table');
    assert.deepEqual(
      columnDefinitions.map(({ name }: Json) => name),
      ['Name', 'Data', 'Age'],
    );
    assert.deepEqual(rows[0].cells.slice(0, 2), ['some', 2]);
    assert.equal(rows[0].object.kind, 'PartialObjectMetadata');
  },
  'a Table of pods has the columns of kubectl get pods -o wide': async ({ api, core }) => {
    const { columnDefinitions } = ok(await api.get(core('pods'), { accept: table }));
    assert.deepEqual(
      columnDefinitions.map(({ name, priority }: Json) => `${name} ${priority}`),
      [
        'Name 0',
        'Ready 0',
        'Status 0',
        'Restarts 0',
        'Age 0',
        'IP 1',
        'Node 1',
        'Nominated Node 1',
        'Readiness Gates 1',
      ],
    );
  },
  'an object’s metadata can be read alone': async ({ api, core }) => {
    ok(await api.post(core('configmaps'), configMap('some')));
    const object = ok(await api.get(core('configmaps/some'), { accept: partial('PartialObjectMetadata') }));
    assert.equal(object.kind, 'PartialObjectMetadata');
    assert.equal(object.metadata.name, 'some');
    assert.equal(object.data, undefined);
  },
  'a list’s metadata can be read alone': async ({ api, core }) => {
    const list = ok(await api.get(core('configmaps'), { accept: partial('PartialObjectMetadataList') }));
    assert.equal(list.kind, 'PartialObjectMetadataList');
  },
  'what cannot be accepted is 406': async ({ api, core }) => {
    refused(await api.get(core('configmaps'), { accept: 'text/html;level=1' }), 406, 'NotAcceptable');
  },
});

function secret(name: string): Json {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData: { a: '1' } };
}

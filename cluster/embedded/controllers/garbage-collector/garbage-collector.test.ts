import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Api } from '../../apiserver/api.ts';
import type { KindName, KubeObject } from '../../kinds/types.ts';
import { orNull } from '../../reconcile/api-errors.ts';
import { controllerReference } from '../../reconcile/owner.ts';
import { DependencyIndex } from './dependency-index.ts';
import { collect, startGarbageCollector } from './garbage-collector.ts';
import { emptyCluster, revision, webDeployment } from '../../testing/controller-fixture.ts';
import { until } from '../../testing/until.ts';

const configMap = (name: string, owner?: KubeObject, more: object = {}) => ({
  metadata: {
    name,
    namespace: 'shop',
    ...(owner && {
      ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: owner.metadata.name, uid: owner.metadata.uid! }],
    }),
    ...more,
  },
});

const blocking = ({ metadata: { name, uid } }: KubeObject) => ({
  ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name, uid: uid!, blockOwnerDeletion: true }],
});

async function gone(api: Api, kind: KindName, name: string): Promise<void> {
  await until(`${kind} ${name} is gone`, async () => !(await orNull<KubeObject>(api.get(kind, name, 'shop'))));
}

test('what an owner leaves behind goes after it, and what depends on that as well', async (t) => {
  const api = await emptyCluster();
  const collector = startGarbageCollector({ api });
  t.after(() => collector.close());
  const grandparent = await api.create('ConfigMap', configMap('grandparent'));
  const parent = await api.create('ConfigMap', configMap('parent', grandparent));
  await api.create('ConfigMap', configMap('child', parent));
  await api.delete('ConfigMap', 'grandparent', 'shop');
  await gone(api, 'ConfigMap', 'parent');
  await gone(api, 'ConfigMap', 'child');
});

test('a namesake of the owner is not the owner', async () => {
  const api = await emptyCluster();
  await api.create('ConfigMap', configMap('owner'));
  await api.create('ConfigMap', configMap('child', { metadata: { name: 'owner', uid: 'another' } }));
  await collect(api, new DependencyIndex(), 'ConfigMap.:shop/child');
  assert.equal(await orNull(api.get('ConfigMap', 'child', 'shop')), null);
});

test('an owner in a namespace that is named from outside of any cannot be looked up, and holds', async () => {
  const api = await emptyCluster();
  const owner = await api.create('ConfigMap', configMap('owner'));
  const { ownerReferences } = configMap('', owner).metadata;
  await api.create('Namespace', { metadata: { name: 'stray', ownerReferences } });
  await collect(api, new DependencyIndex(), 'Namespace.:/stray');
  assert.equal((await api.get('Namespace', 'stray')).metadata.deletionTimestamp, undefined);
});

test('with nothing to do it writes nothing', async () => {
  const api = await emptyCluster();
  const owner = await api.create('ConfigMap', configMap('owner'));
  await api.create('ConfigMap', configMap('child', owner));
  const before = await revision(api);
  await collect(api, new DependencyIndex(), 'ConfigMap.:shop/child');
  await collect(api, new DependencyIndex(), 'ConfigMap.:shop/owner');
  assert.equal(await revision(api), before);
});

test('an owner deleted in the foreground goes last', async (t) => {
  const api = await emptyCluster();
  const collector = startGarbageCollector({ api });
  t.after(() => collector.close());
  const owner = await api.create('ConfigMap', configMap('owner', undefined, { finalizers: ['foregroundDeletion'] }));
  await api.create('ConfigMap', configMap('child', owner, blocking(owner)));
  await api.delete('ConfigMap', 'owner', 'shop');
  await gone(api, 'ConfigMap', 'owner');
  assert.equal(await orNull(api.get('ConfigMap', 'child', 'shop')), null);
});

test('in the foreground, an owner does not wait for one that was released meanwhile', async (t) => {
  const api = await emptyCluster();
  const collector = startGarbageCollector({ api });
  t.after(() => collector.close());
  const owner = await api.create('ConfigMap', configMap('owner', undefined, { finalizers: ['foregroundDeletion'] }));
  const held = { ...blocking(owner), finalizers: ['example.com/mine'] };
  await api.create('ConfigMap', configMap('child', owner, held));
  await api.delete('ConfigMap', 'owner', 'shop');
  await api.patch('ConfigMap', 'child', 'shop', { metadata: { ownerReferences: null } } as object);
  await gone(api, 'ConfigMap', 'owner');
});

test('what one owner still holds forgets the other that is gone', async (t) => {
  const api = await emptyCluster();
  const collector = startGarbageCollector({ api });
  t.after(() => collector.close());
  const [one, two] = [await api.create('ConfigMap', configMap('one')), await api.create('ConfigMap', configMap('two'))];
  const ownerReferences = [one, two].flatMap((owner) => blocking(owner).ownerReferences);
  await api.create('ConfigMap', configMap('child', undefined, { ownerReferences }));
  await api.delete('ConfigMap', 'one', 'shop');
  await until('the child has one owner', async () => {
    const { metadata } = await api.get('ConfigMap', 'child', 'shop');
    return metadata.ownerReferences?.map(({ name }) => name).join() === 'two';
  });
});

test('an owner of another group is not taken for one of ours', async () => {
  const api = await emptyCluster();
  const ownerReferences = [{ apiVersion: 'example.com/v1', kind: 'ConfigMap', name: 'owner', uid: 'some' }];
  await api.create('ConfigMap', configMap('child', undefined, { ownerReferences }));
  await collect(api, new DependencyIndex(), 'ConfigMap.:shop/child');
  assert.ok(await api.get('ConfigMap', 'child', 'shop'));
});

test('in the foreground every generation goes before the one that owns it', async (t) => {
  const api = await emptyCluster();
  const collector = startGarbageCollector({ api });
  t.after(() => collector.close());
  const { metadata, spec } = webDeployment();
  const deployment = await api.create('Deployment', { metadata, spec });
  const ownerReferences = [controllerReference(deployment)];
  const { selector, template } = spec!;
  const replicaSet = await api.create('ReplicaSet', {
    metadata: { name: 'web-1', namespace: 'shop', ownerReferences },
    spec: { selector, template },
  });
  await api.create('Pod', {
    metadata: {
      name: 'web-1-a',
      namespace: 'shop',
      ownerReferences: [controllerReference(replicaSet)],
    },
    spec: template.spec,
  });
  await api.bind('web-1-a', 'shop', 'node-1');
  await api.delete('Deployment', 'web', 'shop', { propagationPolicy: 'Foreground' });
  await until('the pod is ending', async () => {
    return (await api.get('Pod', 'web-1-a', 'shop')).metadata.deletionTimestamp;
  });
  assert.ok(await orNull(api.get('Deployment', 'web', 'shop')), 'it waits for the pods of its ReplicaSet');
  await api.delete('Pod', 'web-1-a', 'shop', { gracePeriodSeconds: 0 });
  await gone(api, 'Deployment', 'web');
  assert.equal(await orNull(api.get('ReplicaSet', 'web-1', 'shop')), null);
});

test('an owner deleted with orphans leaves its dependents, without the reference', async (t) => {
  const api = await emptyCluster();
  const collector = startGarbageCollector({ api });
  t.after(() => collector.close());
  const owner = await api.create('ConfigMap', configMap('owner', undefined, { finalizers: ['orphan'] }));
  await api.create('ConfigMap', configMap('child', owner));
  await api.delete('ConfigMap', 'owner', 'shop');
  await gone(api, 'ConfigMap', 'owner');
  assert.equal((await api.get('ConfigMap', 'child', 'shop')).metadata.ownerReferences, undefined);
});

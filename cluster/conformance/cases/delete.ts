import assert from 'node:assert/strict';
import type { Json } from '../api.ts';
import { topic, type World } from '../case.ts';
import { eventually } from '../eventually.ts';
import { ok, refused } from '../expect.ts';
import { configMap, deployment, replicaSet } from '../objects.ts';

const created = async ({ api, core }: World, name = 'some', metadata = {}) =>
  ok(await api.post(core('configmaps'), configMap(name, {}, metadata)));
const gone = ({ api }: World, path: string) =>
  eventually(`${path} is gone`, async () => (await api.get(path)).status === 404);
const ownedBy = ({ apiVersion, kind, metadata }: Json, more = {}) => ({
  ownerReferences: [{ apiVersion, kind, name: metadata.name, uid: metadata.uid, ...more }],
});
/** A Deployment whose ReplicaSet is there. */
async function rolled({ api, apps }: World): Promise<Json> {
  ok(await api.post(apps('deployments'), deployment('some', 0)));
  return eventually('the ReplicaSet is there', async () => ok(await api.get(apps('replicasets'))).items[0]);
}

export const deletion = topic('delete', {
  'answers a Status with the uid of what has gone': async (world) => {
    const { metadata } = await created(world);
    const status = ok(await world.api.delete(world.core('configmaps/some')));
    assert.equal(status.status, 'Success');
    assert.equal(status.details.uid, metadata.uid);
    refused(await world.api.get(world.core('configmaps/some')), 404, 'NotFound');
  },
  'of what is not there is not found': async ({ api, core }) => {
    refused(await api.delete(core('configmaps/nothing')), 404, 'NotFound');
  },
  'of another uid is a conflict': async (world) => {
    await created(world);
    const preconditions = { uid: '00000000-0000-4000-8000-000000000000' };
    refused(await world.api.delete(world.core('configmaps/some'), { preconditions }), 409, 'Conflict');
  },
  'of an old resource version is a conflict': async (world) => {
    const { metadata } = await created(world);
    ok(await world.api.patch(world.core('configmaps/some'), 'merge', { data: { a: '1' } }));
    const preconditions = { resourceVersion: metadata.resourceVersion };
    refused(await world.api.delete(world.core('configmaps/some'), { preconditions }), 409, 'Conflict');
  },
  'as a dry run deletes nothing': async (world) => {
    await created(world);
    ok(await world.api.delete(world.core('configmaps/some?dryRun=All')));
    ok(await world.api.get(world.core('configmaps/some')));
  },
  'a finalizer holds what is deleted until it is taken off': async (world) => {
    await created(world, 'some', { finalizers: ['example.com/mine'] });
    ok(await world.api.delete(world.core('configmaps/some')));
    assert.ok(ok(await world.api.get(world.core('configmaps/some'))).metadata.deletionTimestamp);
    ok(await world.api.patch(world.core('configmaps/some'), 'merge', { metadata: { finalizers: null } }));
    await gone(world, world.core('configmaps/some'));
  },
  'what is being deleted takes no new finalizers': async (world) => {
    await created(world, 'some', { finalizers: ['example.com/mine'] });
    ok(await world.api.delete(world.core('configmaps/some')));
    const finalizers = ['example.com/mine', 'example.com/other'];
    refused(
      await world.api.patch(world.core('configmaps/some'), 'merge', { metadata: { finalizers } }),
      422,
      'Invalid',
    );
    ok(await world.api.patch(world.core('configmaps/some'), 'merge', { metadata: { finalizers: null } }));
  },
  'of a collection takes what the selector names': async (world) => {
    await created(world, 'a', { labels: { app: 'web' } });
    await created(world, 'b', { labels: { app: 'web' } });
    await created(world, 'c');
    ok(await world.api.delete(world.core('configmaps?labelSelector=app%3Dweb')));
    await gone(world, world.core('configmaps/a'));
    await gone(world, world.core('configmaps/b'));
    ok(await world.api.get(world.core('configmaps/c')));
  },
  'what an object owns goes after it': async (world) => {
    const owner = await created(world, 'owner');
    await created(world, 'owned', ownedBy(owner));
    ok(await world.api.delete(world.core('configmaps/owner')));
    await gone(world, world.core('configmaps/owned'));
  },
  'what has another owner stays': async (world) => {
    const [one, two] = [await created(world, 'one'), await created(world, 'two')];
    const owners = [...ownedBy(one).ownerReferences, ...ownedBy(two).ownerReferences];
    await created(world, 'owned', { ownerReferences: owners });
    ok(await world.api.delete(world.core('configmaps/one')));
    const left = await eventually('the reference to the owner that has gone is taken out', async () => {
      const { ownerReferences } = ok(await world.api.get(world.core('configmaps/owned'))).metadata;
      return ownerReferences.length === 1 && ownerReferences;
    });
    assert.equal(left[0].name, 'two');
  },
  'what says it is owned by something that is not there goes': async (world) => {
    const nobody = {
      ...{ apiVersion: 'v1', kind: 'ConfigMap' },
      metadata: { name: 'nobody', uid: '00000000-0000-4000-8000-000000000000' },
    };
    await created(world, 'owned', ownedBy(nobody));
    await gone(world, world.core('configmaps/owned'));
  },
  'orphaning leaves what was owned': async (world) => {
    const { metadata } = await rolled(world);
    const path = world.apps(`replicasets/${metadata.name}`);
    ok(await world.api.delete(world.apps('deployments/some'), { propagationPolicy: 'Orphan' }));
    await gone(world, world.apps('deployments/some'));
    await eventually('the ReplicaSet has no owner', async () => {
      return !ok(await world.api.get(path)).metadata.ownerReferences?.length;
    });
  },
  'in the foreground, what is owned goes first': async (world) => {
    const owner = await created(world, 'owner');
    const blocking = ownedBy(owner, { blockOwnerDeletion: true });
    await created(world, 'owned', { ...blocking, finalizers: ['example.com/mine'] });
    ok(await world.api.delete(world.core('configmaps/owner'), { propagationPolicy: 'Foreground' }));
    await eventually('what is owned is being deleted', async () => {
      return ok(await world.api.get(world.core('configmaps/owned'))).metadata.deletionTimestamp;
    });
    const waiting = ok(await world.api.get(world.core('configmaps/owner'))).metadata;
    assert.deepEqual(waiting.finalizers, ['foregroundDeletion']);
    ok(await world.api.patch(world.core('configmaps/owned'), 'merge', { metadata: { finalizers: null } }));
    await gone(world, world.core('configmaps/owner'));
  },
  'in the foreground, one that was released meanwhile is not waited for': async (world) => {
    const owner = await created(world, 'owner');
    const blocking = ownedBy(owner, { blockOwnerDeletion: true });
    await created(world, 'owned', { ...blocking, finalizers: ['example.com/mine'] });
    ok(await world.api.delete(world.core('configmaps/owner'), { propagationPolicy: 'Foreground' }));
    ok(await world.api.patch(world.core('configmaps/owned'), 'merge', { metadata: { ownerReferences: null } }));
    await gone(world, world.core('configmaps/owner'));
    ok(await world.api.patch(world.core('configmaps/owned'), 'merge', { metadata: { finalizers: null } }));
  },
  'a Deployment takes its ReplicaSets along': async (world) => {
    const { metadata } = await rolled(world);
    ok(await world.api.delete(world.apps('deployments/some')));
    await gone(world, world.apps(`replicasets/${metadata.name}`));
  },
  'a ReplicaSet takes its pods along': async (world) => {
    ok(await world.api.post(world.apps('replicasets'), replicaSet('some', 1)));
    const pods = async () => ok(await world.api.get(world.core('pods'))).items;
    await eventually('the pod is there', async () => (await pods()).length === 1);
    ok(await world.api.delete(world.apps('replicasets/some')));
    await eventually('the pod is gone', async () => (await pods()).length === 0);
  },
});

import assert from 'node:assert/strict';
import { topic, type World } from '../case.ts';
import { eventually } from '../eventually.ts';
import { ok, refused } from '../expect.ts';
import { configMap } from '../objects.ts';

const path = ({ namespace }: World) => `/api/v1/namespaces/${namespace}`;

export const namespaces = topic('namespaces', {
  'one is active and labelled with its name': async (world) => {
    const { metadata, status, spec } = ok(await world.api.get(path(world)));
    assert.equal(status.phase, 'Active');
    assert.equal(metadata.labels['kubernetes.io/metadata.name'], world.namespace);
    assert.deepEqual(spec.finalizers, ['kubernetes']);
  },
  'default and the system’s own are there': async ({ api }) => {
    for (const name of ['default', 'kube-system', 'kube-public', 'kube-node-lease'])
      ok(await api.get(`/api/v1/namespaces/${name}`));
  },
  'the default one cannot be deleted': async ({ api }) => {
    refused(await api.delete('/api/v1/namespaces/default?dryRun=All'), 403, 'Forbidden');
  },
  'the system’s own cannot be deleted': async ({ api }) => {
    for (const name of ['kube-system', 'kube-public'])
      refused(await api.delete(`/api/v1/namespaces/${name}?dryRun=All`), 403, 'Forbidden');
  },
  'deleting one deletes what is in it': async (world) => {
    ok(await world.api.post(world.core('configmaps'), configMap('some')));
    ok(await world.api.delete(path(world)));
    await eventually('the namespace is gone', async () => (await world.api.get(path(world))).status === 404);
    assert.equal((await world.api.get(world.core('configmaps/some'))).status, 404);
  },
  'one that goes takes nothing new': async (world) => {
    const held = configMap('held', {}, { finalizers: ['example.com/mine'] });
    ok(await world.api.post(world.core('configmaps'), held));
    ok(await world.api.delete(path(world)));
    await eventually('it goes', async () => ok(await world.api.get(path(world))).status.phase === 'Terminating');
    const { details } = refused(await world.api.post(world.core('configmaps'), configMap('new')), 403, 'Forbidden');
    assert.equal(details.causes[0].reason, 'NamespaceTerminating');
    ok(await world.api.patch(world.core('configmaps/held'), 'merge', { metadata: { finalizers: null } }));
    await eventually('the namespace is gone', async () => (await world.api.get(path(world))).status === 404);
  },
  'one that cannot be emptied says what is left, and what holds it': async (world) => {
    ok(await world.api.post(world.core('configmaps'), configMap('held', {}, { finalizers: ['example.com/mine'] })));
    ok(await world.api.delete(path(world)));
    const condition = (type: string) =>
      eventually(`the condition ${type}`, async () => {
        const { conditions = [] } = ok(await world.api.get(path(world))).status;
        return conditions.find((one: { type: string; status: string }) => one.type === type && one.status === 'True');
      });
    const remaining = await condition('NamespaceContentRemaining');
    assert.equal(remaining.reason, 'SomeResourcesRemain');
    assert.equal(remaining.message, 'Some resources are remaining: configmaps. has 1 resource instances');
    const held = await condition('NamespaceFinalizersRemaining');
    assert.equal(held.reason, 'SomeFinalizersRemain');
    assert.equal(
      held.message,
      'Some content in the namespace has finalizers remaining: example.com/mine in 1 resource instances',
    );
    ok(await world.api.patch(world.core('configmaps/held'), 'merge', { metadata: { finalizers: null } }));
    await eventually('the namespace is gone', async () => (await world.api.get(path(world))).status === 404);
  },
  'one stays as long as a finalizer in its spec holds it': async (world) => {
    const { api } = world;
    const finalize = async (finalizers: string[]) =>
      ok(await api.put(`${path(world)}/finalize`, { ...ok(await api.get(path(world))), spec: { finalizers } }));
    assert.deepEqual((await finalize(['kubernetes', 'example.com/mine'])).spec.finalizers.sort(), [
      'example.com/mine',
      'kubernetes',
    ]);
    ok(await api.delete(path(world)));
    await eventually('only the other finalizer is left', async () => {
      const { spec } = ok(await api.get(path(world)));
      return spec.finalizers.join() === 'example.com/mine';
    });
    await finalize([]);
    await eventually('the namespace is gone', async () => (await api.get(path(world))).status === 404);
  },
  'a name must be a DNS label': async ({ api }) => {
    const some = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a.b' } };
    refused(await api.post('/api/v1/namespaces', some), 422, 'Invalid');
  },
});

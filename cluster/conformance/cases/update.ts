import assert from 'node:assert/strict';
import { topic, type World } from '../case.ts';
import { invalid, ok, refused } from '../expect.ts';
import { configMap, deployment, service } from '../objects.ts';

const created = async ({ api, core }: World, metadata = {}) =>
  ok(await api.post(core('configmaps'), configMap('some', { color: 'blue' }, metadata)));

export const update = topic('update', {
  'changes the resource version': async (world) => {
    const before = await created(world);
    const after = ok(await world.api.put(world.core('configmaps/some'), { ...before, data: { color: 'red' } }));
    assert.notEqual(after.metadata.resourceVersion, before.metadata.resourceVersion);
    assert.equal(after.metadata.uid, before.metadata.uid);
    assert.equal(after.data.color, 'red');
  },
  'one that changes nothing keeps the resource version': async (world) => {
    const before = await created(world);
    const after = ok(await world.api.put(world.core('configmaps/some'), before));
    assert.equal(after.metadata.resourceVersion, before.metadata.resourceVersion);
  },
  'of an old state is a conflict': async (world) => {
    const before = await created(world);
    ok(await world.api.put(world.core('configmaps/some'), { ...before, data: { color: 'red' } }));
    const late = await world.api.put(world.core('configmaps/some'), { ...before, data: { color: 'green' } });
    refused(late, 409, 'Conflict');
  },
  'without a resource version overwrites': async (world) => {
    await created(world);
    assert.equal(ok(await world.api.put(world.core('configmaps/some'), configMap('some', { a: '1' }))).data.a, '1');
  },
  'of another uid is a conflict': async (world) => {
    await created(world);
    const other = configMap('some', {}, { uid: '00000000-0000-4000-8000-000000000000' });
    refused(await world.api.put(world.core('configmaps/some'), other), 409, 'Conflict');
  },
  'of another name is refused': async (world) => {
    await created(world);
    refused(await world.api.put(world.core('configmaps/some'), configMap('other')), 400, 'BadRequest');
  },
  'of what is not there is not found': async ({ api, core }) => {
    refused(await api.put(core('configmaps/nothing'), configMap('nothing')), 404, 'NotFound');
  },
  'keeps the creation timestamp, whatever is sent': async (world) => {
    const before = await created(world);
    const sent = { ...before, metadata: { ...before.metadata, creationTimestamp: '2001-01-01T00:00:00Z' } };
    const after = ok(await world.api.put(world.core('configmaps/some'), sent));
    assert.equal(after.metadata.creationTimestamp, before.metadata.creationTimestamp);
  },
  'of a spec counts the generation': async ({ api, apps }) => {
    const before = ok(await api.post(apps('deployments'), deployment('some', 0, undefined, { paused: true })));
    before.spec.revisionHistoryLimit = 3;
    delete before.metadata.resourceVersion;
    assert.equal(ok(await api.put(apps('deployments/some'), before)).metadata.generation, 2);
  },
  'of labels alone does not count the generation': async ({ api, apps }) => {
    const before = ok(await api.post(apps('deployments'), deployment('some', 0, undefined, { paused: true })));
    before.metadata.labels = { color: 'blue' };
    delete before.metadata.resourceVersion;
    assert.equal(ok(await api.put(apps('deployments/some'), before)).metadata.generation, 1);
  },
  'of the object leaves the status alone': async ({ api, apps }) => {
    const before = ok(await api.post(apps('deployments'), deployment('some', 0, undefined, { paused: true })));
    delete before.metadata.resourceVersion;
    const after = ok(await api.put(apps('deployments/some'), { ...before, status: { replicas: 7 } }));
    assert.notEqual(after.status.replicas, 7);
  },
  'of the status leaves the spec alone': async ({ api, core }) => {
    const before = ok(await api.post(core('services'), service('some')));
    before.spec.sessionAffinity = 'ClientIP';
    before.status = { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } };
    before.spec.type = 'LoadBalancer';
    const { status, body } = await api.put(core('services/some/status'), before);
    assert.ok(status === 200 || status === 422, String(status));
    const after = ok(await api.get(core('services/some')));
    assert.equal(after.spec.sessionAffinity, 'None');
    assert.equal(after.spec.type, 'ClusterIP', JSON.stringify(body));
  },
  'of an immutable ConfigMap is invalid': async ({ api, core }) => {
    const some = ok(await api.post(core('configmaps'), { ...configMap('some'), immutable: true }));
    invalid(await api.put(core('configmaps/some'), { ...some, data: { color: 'red' } }), 'data');
  },
  'of a Deployment’s selector is invalid': async ({ api, apps }) => {
    const some = ok(await api.post(apps('deployments'), deployment('some', 0)));
    some.spec.selector = { matchLabels: { app: 'other' } };
    some.spec.template.metadata.labels = { app: 'other' };
    delete some.metadata.resourceVersion;
    invalid(await api.put(apps('deployments/some'), some), 'spec.selector');
  },
  'as a dry run changes nothing': async (world) => {
    const before = await created(world);
    const path = world.core('configmaps/some?dryRun=All');
    assert.equal(ok(await world.api.put(path, { ...before, data: { color: 'red' } })).data.color, 'red');
    assert.equal(ok(await world.api.get(world.core('configmaps/some'))).data.color, 'blue');
  },
});

import assert from 'node:assert/strict';
import type { Json } from '../api.ts';
import { topic, type World } from '../case.ts';
import { invalid, ok, refused } from '../expect.ts';
import { configMap, deployment } from '../objects.ts';

function apply({ api, core }: World, manager: string, data: Record<string, string>, query = '') {
  const path = core(`configmaps/some?fieldManager=${manager}${query}`);
  return api.patch(path, 'apply', configMap('some', data));
}

const entry = (object: Json, manager: string) =>
  object.metadata.managedFields.find((fields: Json) => fields.manager === manager);

export const serverSideApply = topic('server-side apply', {
  'creates what is not there': async (world) => {
    const answer = await apply(world, 'one', { color: 'blue' });
    assert.equal(answer.status, 201);
    assert.equal(answer.body.data.color, 'blue');
  },
  'notes which manager owns which fields': async (world) => {
    const object = ok(await apply(world, 'one', { color: 'blue' }));
    const { operation, apiVersion, fieldsType, fieldsV1 } = entry(object, 'one');
    assert.equal(operation, 'Apply');
    assert.equal(apiVersion, 'v1');
    assert.equal(fieldsType, 'FieldsV1');
    assert.deepEqual(fieldsV1, { 'f:data': { 'f:color': {} } });
  },
  'wants to know the manager': async ({ api, core }) => {
    invalid(await api.patch(core('configmaps/some'), 'apply', configMap('some')), 'fieldManager');
  },
  'twice changes nothing': async (world) => {
    const before = ok(await apply(world, 'one', { color: 'blue' }));
    const after = ok(await apply(world, 'one', { color: 'blue' }));
    assert.equal(after.metadata.resourceVersion, before.metadata.resourceVersion);
  },
  'of another’s field with another value is a conflict that names field and manager': async (world) => {
    ok(await apply(world, 'one', { color: 'blue' }));
    const { details } = refused(await apply(world, 'two', { color: 'red' }), 409, 'Conflict');
    assert.equal(details.causes[0].reason, 'FieldManagerConflict');
    assert.equal(details.causes[0].field, '.data.color');
    assert.match(details.causes[0].message, /"one"/);
  },
  'of another’s field with the same value shares it': async (world) => {
    ok(await apply(world, 'one', { color: 'blue' }));
    const object = ok(await apply(world, 'two', { color: 'blue' }));
    for (const manager of ['one', 'two'])
      assert.deepEqual(entry(object, manager).fieldsV1, { 'f:data': { 'f:color': {} } });
  },
  'by force takes the field over': async (world) => {
    ok(await apply(world, 'one', { color: 'blue', size: 'big' }));
    const object = ok(await apply(world, 'two', { color: 'red' }, '&force=true'));
    assert.equal(object.data.color, 'red');
    assert.deepEqual(entry(object, 'one').fieldsV1, { 'f:data': { 'f:size': {} } });
  },
  'removes what its manager no longer says': async (world) => {
    ok(await apply(world, 'one', { color: 'blue', size: 'big' }));
    assert.deepEqual(ok(await apply(world, 'one', { size: 'big' })).data, { size: 'big' });
  },
  'keeps what another manager still says': async (world) => {
    ok(await apply(world, 'one', { color: 'blue', size: 'big' }));
    ok(await apply(world, 'two', { color: 'blue' }));
    assert.deepEqual(ok(await apply(world, 'one', { size: 'big' })).data, { color: 'blue', size: 'big' });
  },
  'leaves the fields of others alone': async (world) => {
    ok(await apply(world, 'one', { color: 'blue' }));
    ok(await apply(world, 'two', { size: 'big' }));
    assert.deepEqual(ok(await apply(world, 'one', { color: 'red' })).data, { color: 'red', size: 'big' });
  },
  'as a dry run keeps nothing': async (world) => {
    ok(await apply(world, 'one', { color: 'blue' }));
    assert.equal(ok(await apply(world, 'one', { color: 'red' }, '&dryRun=All')).data.color, 'red');
    assert.equal(ok(await world.api.get(world.core('configmaps/some'))).data.color, 'blue');
  },
  'merges containers by name': async ({ api, apps }) => {
    const some = deployment('some', 0, undefined, { paused: true });
    ok(await api.patch(apps('deployments/some?fieldManager=one'), 'apply', some));
    const env = [{ name: 'A', value: '1' }];
    const two = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'some' },
      spec: { template: { spec: { containers: [{ name: 'main', env }] } } },
    };
    const object = ok(await api.patch(apps('deployments/some?fieldManager=two'), 'apply', two));
    const [main] = object.spec.template.spec.containers;
    assert.equal(main.image, 'node:24');
    assert.deepEqual(main.env, env);
    assert.ok(
      entry(object, 'two').fieldsV1['f:spec']['f:template']['f:spec']['f:containers']['k:{"name":"main"}']['f:env'],
    );
  },
  'an update by another takes the field it changes': async (world) => {
    const object = ok(await apply(world, 'one', { color: 'blue' }));
    const changed = { ...object, data: { color: 'red' } };
    ok(await world.api.put(world.core('configmaps/some?fieldManager=editor'), changed));
    const { details } = refused(await apply(world, 'one', { color: 'blue' }), 409, 'Conflict');
    assert.match(details.causes[0].message, /"editor"/);
  },
  'a write without apply is an update of its manager': async ({ api, core }) => {
    const object = ok(await api.post(core('configmaps?fieldManager=maker'), configMap('some')));
    assert.equal(entry(object, 'maker').operation, 'Update');
    assert.deepEqual(entry(object, 'maker').fieldsV1['f:data'], { '.': {}, 'f:color': {} });
  },
  'of the status is apart from the rest': async ({ api, apps }) => {
    ok(await api.post(apps('deployments'), deployment('some', 0, undefined, { paused: true })));
    const change = { status: { conditions: [{ type: 'Mine', status: 'True' }] } };
    const object = ok(await api.patch(apps('deployments/some/status?fieldManager=looker'), 'merge', change));
    assert.equal(entry(object, 'looker').subresource, 'status');
  },
  'wants the object’s own name': async ({ api, core }) => {
    const { status } = await api.patch(core('configmaps/some?fieldManager=one'), 'apply', configMap('other'));
    assert.equal(status, 400);
  },
  'takes no managed fields': async ({ api, core }) => {
    const some = configMap('some', {}, { managedFields: [{ manager: 'x' }] });
    const { status } = await api.patch(core('configmaps/some?fieldManager=one'), 'apply', some);
    assert.equal(status, 400);
  },
});

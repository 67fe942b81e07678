import assert from 'node:assert/strict';
import type { Json } from '../api.ts';
import { topic, type World } from '../case.ts';
import { invalid, ok, refused } from '../expect.ts';
import { configMap, deployment } from '../objects.ts';

const created = async ({ api, core }: World) =>
  ok(await api.post(core('configmaps'), configMap('some', { color: 'blue', size: 'big' })));
const paused = async ({ api, apps }: World) =>
  ok(await api.post(apps('deployments'), deployment('some', 0, undefined, { paused: true })));

export const patch = topic('patch', {
  'a merge patch sets and removes': async (world) => {
    await created(world);
    const after = ok(
      await world.api.patch(world.core('configmaps/some'), 'merge', { data: { color: null, size: 'small' } }),
    );
    assert.deepEqual(after.data, { size: 'small' });
  },
  'a merge patch replaces lists': async (world) => {
    await paused(world);
    const containers = [{ name: 'other', image: 'node:24' }];
    const after = ok(
      await world.api.patch(world.apps('deployments/some'), 'merge', { spec: { template: { spec: { containers } } } }),
    );
    assert.deepEqual(
      after.spec.template.spec.containers.map(({ name }: Json) => name),
      ['other'],
    );
  },
  'a strategic merge patch merges containers by name': async (world) => {
    await paused(world);
    const containers = [{ name: 'main', env: [{ name: 'A', value: '1' }] }];
    const after = ok(
      await world.api.patch(world.apps('deployments/some'), 'strategic-merge', {
        spec: { template: { spec: { containers } } },
      }),
    );
    const [main, ...others] = after.spec.template.spec.containers;
    assert.equal(others.length, 0);
    assert.equal(main.image, 'node:24');
    assert.deepEqual(main.env, [{ name: 'A', value: '1' }]);
  },
  'a strategic merge patch adds a container': async (world) => {
    await paused(world);
    const containers = [{ name: 'second', image: 'node:24' }];
    const after = ok(
      await world.api.patch(world.apps('deployments/some'), 'strategic-merge', {
        spec: { template: { spec: { containers } } },
      }),
    );
    const names = after.spec.template.spec.containers.map(({ name }: Json) => name);
    assert.deepEqual(names.sort(), ['main', 'second']);
  },
  'a strategic merge patch deletes by directive': async (world) => {
    await paused(world);
    const env = (items: object[]) => ({ spec: { template: { spec: { containers: [{ name: 'main', env: items }] } } } });
    const path = world.apps('deployments/some');
    ok(
      await world.api.patch(
        path,
        'strategic-merge',
        env([
          { name: 'A', value: '1' },
          { name: 'B', value: '2' },
        ]),
      ),
    );
    const after = ok(await world.api.patch(path, 'strategic-merge', env([{ name: 'A', $patch: 'delete' }])));
    assert.deepEqual(after.spec.template.spec.containers[0].env, [{ name: 'B', value: '2' }]);
  },
  'a strategic merge patch replaces by directive': async (world) => {
    await created(world);
    const after = ok(
      await world.api.patch(world.core('configmaps/some'), 'strategic-merge', { data: { $patch: 'replace', a: '1' } }),
    );
    assert.deepEqual(after.data, { a: '1' });
  },
  'a JSON patch adds, replaces and removes': async (world) => {
    await created(world);
    const after = ok(
      await world.api.patch(world.core('configmaps/some'), 'json', [
        { op: 'add', path: '/data/taste', value: 'sweet' },
        { op: 'replace', path: '/data/color', value: 'red' },
        { op: 'remove', path: '/data/size' },
      ]),
    );
    assert.deepEqual(after.data, { color: 'red', taste: 'sweet' });
  },
  'a JSON patch whose test fails changes nothing': async (world) => {
    await created(world);
    const operations = [
      { op: 'test', path: '/data/color', value: 'green' },
      { op: 'replace', path: '/data/color', value: 'red' },
    ];
    refused(await world.api.patch(world.core('configmaps/some'), 'json', operations), 422, 'Invalid');
    assert.equal(ok(await world.api.get(world.core('configmaps/some'))).data.color, 'blue');
  },
  'a JSON patch of a path that is not there is 422': async (world) => {
    await created(world);
    const operations = [{ op: 'remove', path: '/data/nothing' }];
    refused(await world.api.patch(world.core('configmaps/some'), 'json', operations), 422, 'Invalid');
  },
  'a JSON patch that is none is refused': async (world) => {
    await created(world);
    refused(await world.api.patch(world.core('configmaps/some'), 'json', { op: 'remove' }), 400, 'BadRequest');
  },
  'a kind of patch that nobody knows is 415': async (world) => {
    await created(world);
    const headers = { 'content-type': 'application/unheard-of-patch+json' };
    const answer = await world.api.send('PATCH', world.core('configmaps/some'), { body: {}, headers });
    refused(answer, 415, 'UnsupportedMediaType');
  },
  'one that changes nothing keeps the resource version': async (world) => {
    const before = await created(world);
    const after = ok(await world.api.patch(world.core('configmaps/some'), 'merge', { data: { color: 'blue' } }));
    assert.equal(after.metadata.resourceVersion, before.metadata.resourceVersion);
  },
  'with an old resource version is a conflict': async (world) => {
    const { metadata } = await created(world);
    const change = (color: string) =>
      world.api.patch(world.core('configmaps/some'), 'merge', {
        metadata: { resourceVersion: metadata.resourceVersion },
        data: { color },
      });
    ok(await change('red'));
    refused(await change('green'), 409, 'Conflict');
  },
  'cannot rename': async (world) => {
    await created(world);
    const answer = await world.api.patch(world.core('configmaps/some'), 'merge', { metadata: { name: 'other' } });
    refused(answer, 400, 'BadRequest');
  },
  'is validated like any other write': async (world) => {
    await created(world);
    const change = { metadata: { labels: { app: 'not a label' } } };
    invalid(await world.api.patch(world.core('configmaps/some'), 'merge', change), 'metadata.labels');
  },
  'of what is not there is not found': async ({ api, core }) => {
    refused(await api.patch(core('configmaps/nothing'), 'merge', { data: {} }), 404, 'NotFound');
  },
  'of the status changes the status alone': async (world) => {
    await paused(world);
    const change = { spec: { replicas: 5 }, status: { conditions: [{ type: 'Mine', status: 'True' }] } };
    ok(await world.api.patch(world.apps('deployments/some/status'), 'merge', change));
    assert.equal(ok(await world.api.get(world.apps('deployments/some'))).spec.replicas, 0);
  },
});

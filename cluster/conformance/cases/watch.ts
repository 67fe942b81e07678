import assert from 'node:assert/strict';
import { topic, type World } from '../case.ts';
import { ok } from '../expect.ts';
import { configMap } from '../objects.ts';

const created = async ({ api, core }: World, name = 'some', metadata = {}) =>
  ok(await api.post(core('configmaps'), configMap(name, {}, metadata)));
const version = async ({ api, core }: World) => ok(await api.get(core('configmaps'))).metadata.resourceVersion;

export const watch = topic('watch', {
  'tells what was added, modified and deleted since a version, in order': async (world) => {
    const since = await version(world);
    await created(world);
    ok(await world.api.patch(world.core('configmaps/some'), 'merge', { data: { color: 'red' } }));
    ok(await world.api.delete(world.core('configmaps/some')));
    const events = await world.api.watch(world.core(`configmaps?resourceVersion=${since}&labelSelector=`));
    const seen: string[] = [];
    while (seen.length < 3) {
      const event = (await events.next())!;
      if (event.object.metadata.name === 'some') seen.push(event.type);
    }
    events.close();
    assert.deepEqual(seen, ['ADDED', 'MODIFIED', 'DELETED']);
  },
  'what is deleted is told with its last state and a newer version': async (world) => {
    const { metadata } = await created(world);
    const events = await world.api.watch(world.core(`configmaps?resourceVersion=${metadata.resourceVersion}`));
    ok(await world.api.delete(world.core('configmaps/some')));
    const { object } = await events.until(({ type }) => type === 'DELETED');
    events.close();
    assert.equal(object.metadata.name, 'some');
    assert.equal(object.metadata.uid, metadata.uid);
    assert.ok(BigInt(object.metadata.resourceVersion) > BigInt(metadata.resourceVersion));
  },
  'without a version begins with what there is': async (world) => {
    await created(world);
    const events = await world.api.watch(world.core('configmaps'));
    const { type } = await events.until(({ object }) => object.metadata.name === 'some');
    events.close();
    assert.equal(type, 'ADDED');
  },
  'an object that comes to fit the selector is added, one that no longer fits is deleted': async (world) => {
    const since = await version(world);
    await created(world);
    const events = await world.api.watch(world.core(`configmaps?resourceVersion=${since}&labelSelector=app%3Dweb`));
    const label = (app: string | null) =>
      world.api.patch(world.core('configmaps/some'), 'merge', { metadata: { labels: { app } } });
    ok(await label('web'));
    assert.equal((await events.next())!.type, 'ADDED');
    ok(await label(null));
    assert.equal((await events.next())!.type, 'DELETED');
    events.close();
  },
  'of one name tells of that alone': async (world) => {
    const since = await version(world);
    const path = world.core(`configmaps?resourceVersion=${since}&fieldSelector=metadata.name%3Db`);
    const events = await world.api.watch(path);
    await created(world, 'a');
    await created(world, 'b');
    assert.equal((await events.next())!.object.metadata.name, 'b');
    events.close();
  },
  'ends after its timeout': async (world) => {
    const since = await version(world);
    const events = await world.api.watch(world.core(`configmaps?resourceVersion=${since}&timeoutSeconds=1`));
    assert.equal(await events.next(), null);
  },
  'of a version long past is gone': async (world) => {
    const events = await world.api.watch(world.core('configmaps?resourceVersion=1'));
    const { type, object } = (await events.next())!;
    events.close();
    assert.equal(type, 'ERROR');
    assert.equal(object.code, 410);
    assert.equal(object.reason, 'Expired');
  },
  'of a version that is no number is refused': async ({ api, core }) => {
    const { body } = await api.get(core('configmaps?watch=1&resourceVersion=abc'));
    assert.equal(body.status, 'Failure');
  },
  'streams what there is and then says that it was all': async (world) => {
    await created(world);
    const query = 'sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan';
    const events = await world.api.watch(world.core(`configmaps?${query}`));
    await events.until(({ type, object }) => type === 'ADDED' && object.metadata.name === 'some');
    const { object } = await events.until(({ type }) => type === 'BOOKMARK');
    events.close();
    assert.equal(object.metadata.annotations['k8s.io/initial-events-end'], 'true');
    assert.match(object.metadata.resourceVersion, /^\d+$/);
  },
  'can be had as Tables, with the columns in the first': async (world) => {
    const since = await version(world);
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    const events = await world.api.watch(world.core(`configmaps?resourceVersion=${since}`), { accept });
    await created(world, 'a');
    await created(world, 'b');
    const named = (name: string) => events.until(({ object }) => object.rows?.[0]?.cells[0] === name);
    const first = await named('a');
    const second = await named('b');
    events.close();
    assert.equal(first.object.kind, 'Table');
    assert.ok(first.object.columnDefinitions.length > 0);
    assert.ok(!second.object.columnDefinitions?.length);
  },
  'over all namespaces tells of each': async (world) => {
    const since = await version(world);
    const events = await world.api.watch(`/api/v1/configmaps?resourceVersion=${since}`);
    await created(world);
    await events.until(({ object }) => object.metadata.namespace === world.namespace);
    events.close();
  },
});

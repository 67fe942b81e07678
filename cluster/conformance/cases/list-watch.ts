import assert from 'node:assert/strict';
import type { Json } from '../api.ts';
import { topic, type World } from '../case.ts';
import { ok, refused } from '../expect.ts';
import { configMap } from '../objects.ts';

const INITIAL = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan';

/** Makes ConfigMaps a to e, labelled app=letters. */
async function letters({ api, core }: World): Promise<void> {
  for (const name of 'abcde')
    ok(await api.post(core('configmaps'), configMap(name, {}, { labels: { app: 'letters', [name]: 'yes' } })));
}

const names = ({ items }: Json) => items.map(({ metadata }: Json) => metadata.name);
const LETTERS = 'labelSelector=app%3Dletters';

export const listWatch = topic('lists and watches', {
  'a watch may be asked to last for weeks': async ({ api, core }) => {
    const events = await api.watch(core(`configmaps?${LETTERS}&timeoutSeconds=2147484`));
    ok(await api.post(core('configmaps'), configMap('a', {}, { labels: { app: 'letters' } })));
    assert.equal((await events.next())!.object.metadata.name, 'a');
    events.close();
  },
  'a watch resumes after the bookmark that ends the initial events, and misses nothing': async (world) => {
    const { api, core } = world;
    await letters(world);
    const first = await api.watch(core(`configmaps?${LETTERS}&${INITIAL}&allowWatchBookmarks=true`));
    const seen: string[] = [];
    const { object } = await first.until(({ type, object }) => {
      if (type !== 'BOOKMARK') seen.push(object.metadata.name);
      return type === 'BOOKMARK';
    });
    first.close();
    assert.deepEqual(seen.sort(), ['a', 'b', 'c', 'd', 'e']);
    ok(await api.delete(core('configmaps/c')));
    const { resourceVersion } = object.metadata;
    const second = await api.watch(core(`configmaps?${LETTERS}&resourceVersion=${resourceVersion}`));
    const event = (await second.next())!;
    second.close();
    assert.deepEqual([event.type, event.object.metadata.name], ['DELETED', 'c']);
  },
  'initial events want to be told how old they may be': async ({ api, core }) => {
    const { status, body } = await api.get(core('configmaps?watch=1&sendInitialEvents=true'));
    assert.equal(status, 422);
    assert.equal(body.reason, 'Invalid');
    const listed = await api.get(core('configmaps?sendInitialEvents=true'));
    assert.equal(listed.status, 422);
  },
  'a list may be asked not to be older than a version': async (world) => {
    const { api, core } = world;
    const { metadata } = ok(await api.post(core('configmaps'), configMap('some')));
    const query = `resourceVersion=${metadata.resourceVersion}&resourceVersionMatch=NotOlderThan`;
    assert.ok(names(ok(await api.get(core(`configmaps?${query}`)))).includes('some'));
  },
  'a list may be asked for as it was at a version': async (world) => {
    const { api, core } = world;
    await letters(world);
    const { metadata } = ok(await api.get(core('configmaps')));
    ok(await api.delete(core('configmaps/a')));
    const query = `${LETTERS}&resourceVersion=${metadata.resourceVersion}&resourceVersionMatch=Exact`;
    const then = ok(await api.get(core(`configmaps?${query}`)));
    assert.deepEqual(names(then), ['a', 'b', 'c', 'd', 'e']);
    assert.equal(then.metadata.resourceVersion, metadata.resourceVersion);
  },
  'how a version is to be matched is said with a version': async ({ api, core }) => {
    for (const query of ['resourceVersionMatch=Exact', 'resourceVersion=1&resourceVersionMatch=Some'])
      assert.equal((await api.get(core(`configmaps?${query}`))).status, 422, query);
    assert.equal((await api.get(core('configmaps?resourceVersion=0&resourceVersionMatch=Exact'))).status, 422);
  },
  'a version that does not exist yet is answered with the time it would take': async ({ api, core }) => {
    const { details } = refused(await api.get(core('configmaps?resourceVersion=9000000000000000')), 504, 'Timeout');
    assert.equal(details.causes[0].reason, 'ResourceVersionTooLarge');
  },
  'a continue token comes with its own version': async (world) => {
    const { api, core } = world;
    await letters(world);
    const { metadata } = ok(await api.get(core('configmaps?limit=2')));
    const query = `limit=2&continue=${encodeURIComponent(metadata.continue)}&resourceVersion=${metadata.resourceVersion}`;
    refused(await api.get(core(`configmaps?${query}`)), 400, 'BadRequest');
  },
  'pages keep to their selector': async (world) => {
    const { api, core } = world;
    await letters(world);
    const first = ok(await api.get(core(`configmaps?${LETTERS}&limit=3`)));
    assert.equal(first.metadata.remainingItemCount, undefined);
    ok(await api.delete(core('configmaps/e')));
    const query = `${LETTERS}&limit=3&continue=${encodeURIComponent(first.metadata.continue)}`;
    const second = ok(await api.get(core(`configmaps?${query}`)));
    assert.deepEqual(
      [names(first), names(second)],
      [
        ['a', 'b', 'c'],
        ['d', 'e'],
      ],
    );
    assert.equal(second.metadata.continue ?? '', '');
  },
  'a collection is deleted as a dry run, by labels and by fields': async (world) => {
    const { api, core } = world;
    await letters(world);
    const left = async () => names(ok(await api.get(core(`configmaps?${LETTERS}`))));
    ok(await api.delete(core(`configmaps?${LETTERS}&dryRun=All`)));
    assert.deepEqual(await left(), ['a', 'b', 'c', 'd', 'e']);
    const { items } = ok(await api.delete(core('configmaps?labelSelector=a')));
    assert.deepEqual(
      items.map(({ metadata }: Json) => metadata.name),
      ['a'],
    );
    ok(await api.delete(core('configmaps?fieldSelector=metadata.name%3Db')));
    assert.deepEqual(await left(), ['c', 'd', 'e']);
  },
  'a dry run of a scale changes nothing': async ({ api, apps }) => {
    const spec = { replicas: 0, selector: { matchLabels: { app: 'a' } } };
    const template = { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'a', image: 'node:24' }] } };
    ok(await api.post(apps('deployments'), { metadata: { name: 'a' }, spec: { ...spec, template } }));
    const scaled = ok(await api.patch(apps('deployments/a/scale?dryRun=All'), 'merge', { spec: { replicas: 3 } }));
    assert.equal(scaled.spec.replicas, 3);
    assert.equal(ok(await api.get(apps('deployments/a/scale'))).spec.replicas ?? 0, 0);
  },
  'a scale of an old version is a conflict': async ({ api, apps }) => {
    const spec = { replicas: 0, selector: { matchLabels: { app: 'a' } } };
    const template = { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'a', image: 'node:24' }] } };
    ok(await api.post(apps('deployments'), { metadata: { name: 'a' }, spec: { ...spec, template } }));
    const scale = ok(await api.get(apps('deployments/a/scale')));
    ok(await api.patch(apps('deployments/a'), 'merge', { metadata: { labels: { color: 'blue' } } }));
    refused(await api.put(apps('deployments/a/scale'), scale), 409, 'Conflict');
  },
  'a patch may say of which version it is': async ({ api, core }) => {
    const { metadata } = ok(await api.post(core('configmaps'), configMap('some')));
    const { resourceVersion } = metadata;
    ok(await api.patch(core('configmaps/some'), 'merge', { metadata: { resourceVersion }, data: { color: 'red' } }));
    const late = { metadata: { resourceVersion }, data: { color: 'green' } };
    refused(await api.patch(core('configmaps/some'), 'merge', late), 409, 'Conflict');
  },
});

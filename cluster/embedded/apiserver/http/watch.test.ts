import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { request } from 'node:https';
import { after, before, describe, it } from 'node:test';
import { Store } from '../../store/store.ts';
import { until } from '../../testing/until.ts';
import { ServiceAccountTokens } from '../auth/service-account-tokens.ts';
import { admin } from '../auth/user.ts';
import { deploymentOf, podOf } from '../testing/objects.ts';
import { openTestServer, type AnyJson, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
before(async () => {
  server = await openTestServer();
});
after(() => server.close());

const { watch: watchStore } = Store.prototype;
const PODS = '/api/v1/namespaces/shop/pods';

/** The lines of a watch, one by one. */
async function* watch(path: string, headers: Record<string, string> = {}): AsyncGenerator<AnyJson, void> {
  const token = server.config.getCurrentUser()!.token!;
  const ca = Buffer.from(server.config.getCurrentCluster()!.caData!, 'base64');
  const options = { ca, agent: false, headers: { authorization: `Bearer ${token}`, ...headers } };
  const req = request(server.url + path, options).end();
  const [res] = await once(req, 'response');
  equal(res.statusCode, 200);
  try {
    let text = '';
    for await (const chunk of res) {
      const lines = (text + String(chunk)).split('\n');
      text = lines.pop()!;
      for (const line of lines) yield JSON.parse(line);
    }
  } finally {
    req.destroy();
  }
}

async function next(events: AsyncGenerator<AnyJson, void>): Promise<AnyJson> {
  const { value, done } = await events.next();
  ok(!done, 'the watch has ended');
  return value;
}

describe('a watch over HTTP', () => {
  it('begins with what there is, and goes on with what happens', async () => {
    await server.api.create('Pod', podOf('a'));
    const events = watch(`${PODS}?watch=1&fieldSelector=metadata.name%3Da`);
    const first = await next(events);
    deepEqual([first.type, first.object.kind, first.object.metadata.name], ['ADDED', 'Pod', 'a']);
    await server.api.patch('Pod', 'a', 'shop', { metadata: { labels: { seen: 'yes' } } });
    equal((await next(events)).type, 'MODIFIED');
    await server.api.delete('Pod', 'a', 'shop');
    equal((await next(events)).type, 'DELETED');
    await events.return();
  });

  it('resumes after the revision of a list', async () => {
    const { resourceVersion } = await server.api.list('Pod');
    await server.api.create('Pod', podOf('b'));
    const events = watch(`${PODS}?watch=true&resourceVersion=${resourceVersion}`);
    equal((await next(events)).object.metadata.name, 'b');
    await events.return();
    await server.api.delete('Pod', 'b', 'shop');
  });

  it('marks the end of the initial events with a bookmark', async () => {
    await server.api.create('Pod', podOf('c'));
    const query = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const events = watch(`${PODS}?${query}`);
    equal((await next(events)).object.metadata.name, 'c');
    const bookmark = await next(events);
    equal(bookmark.type, 'BOOKMARK');
    equal(bookmark.object.metadata.annotations['k8s.io/initial-events-end'], 'true');
    ok(Number(bookmark.object.metadata.resourceVersion) > 0);
    await events.return();
    await server.api.delete('Pod', 'c', 'shop');
    const empty = watch(`${PODS}?${query}`);
    equal((await next(empty)).type, 'BOOKMARK');
    await empty.return();
  });

  it('that wants too old a revision is told so in an event', async () => {
    for (const version of ['1', '9000000000000000']) {
      const events = watch(`${PODS}?watch=1&resourceVersion=${version}`);
      const { type, object } = await next(events);
      deepEqual([type, object.kind, object.code, object.reason], ['ERROR', 'Status', 410, 'Expired']);
      equal((await events.next()).done, true);
    }
  });

  it('ends after timeoutSeconds', async () => {
    const events = watch(`${PODS}?watch=1&timeoutSeconds=1`);
    equal((await events.next()).done, true);
  });

  it('ends in good order while its reader is slow and events go on', async () => {
    const token = server.config.getCurrentUser()!.token!;
    const ca = Buffer.from(server.config.getCurrentCluster()!.caData!, 'base64');
    const options = { ca, agent: false, headers: { authorization: `Bearer ${token}` } };
    const path = '/api/v1/namespaces/shop/configmaps?watch=1&timeoutSeconds=1';
    const answers: ServerResponse[] = [];
    const note = (message: unknown) => answers.push((message as { response: ServerResponse }).response);
    subscribe('http.server.request.start', note);
    const [res] = await once(request(server.url + path, options).end(), 'response');
    unsubscribe('http.server.request.start', note);
    const answer = answers.find(({ req }) => req.url === path)!;
    for (const name of ['large', 'small'])
      await server.api.create('ConfigMap', { metadata: { name, namespace: 'shop' }, data: {} });
    // More than the sockets hold, so that the answer is not closed when it is ended; less than the backlog at which a watcher
    // is cut off.
    for (let write = 0; write < 14; write++) {
      const bytes = `${write}`.padEnd(900_000, 'x');
      await server.api.patch('ConfigMap', 'large', 'shop', { data: { bytes } });
    }
    while (!answer.writableEnded) await new Promise(setImmediate);
    equal(answer.closed, false, 'its reader has yet to read');
    // An event now would be written after the end, which no stream forgives.
    await server.api.patch('ConfigMap', 'small', 'shop', { data: { written: 'late' } });
    await new Promise(setImmediate);
    let text = '';
    for await (const chunk of res) text += String(chunk);
    ok(text.endsWith('\n'), 'the last event is whole');
    ok(!text.includes('late'), 'what comes after the end is not in it');
  });

  it('begins with all there is, however much that is', async () => {
    const names = Array.from({ length: 18 }, (_, i) => `huge-${i}`);
    const metadata = (name: string) => ({ name, namespace: 'shop', labels: { size: 'huge' } });
    for (const name of names) {
      await server.api.create('ConfigMap', { metadata: metadata(name), data: { a: 'x'.repeat(1_000_000) } });
    }
    const events = watch('/api/v1/configmaps?watch=1&labelSelector=size%3Dhuge');
    for (let i = 0; i < names.length; i++) equal((await next(events)).type, 'ADDED');
    await events.return();
    for (const name of names) await server.api.delete('ConfigMap', name, 'shop');
  });

  it('of metadata has bookmarks that are metadata', async () => {
    const accept = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
    const query = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const events = watch(`${PODS}?${query}`, { accept });
    const { type, object } = await next(events);
    deepEqual([type, object.kind, object.apiVersion], ['BOOKMARK', 'PartialObjectMetadata', 'meta.k8s.io/v1']);
    equal(object.metadata.annotations['k8s.io/initial-events-end'], 'true');
    await events.return();
  });

  it('ends for one who has left before it began', { timeout: 20_000 }, async (t) => {
    const ended: unknown[] = [];
    const watches = t.mock.method(
      Store.prototype,
      'watch',
      function (this: Store, ...args: Parameters<Store['watch']>) {
        const stop = watchStore.apply(this, args);
        return () => void ended.push(stop());
      },
    );
    const left = new AbortController();
    const answers: ServerResponse[] = [];
    const note = (message: unknown) => answers.push((message as { response: ServerResponse }).response);
    t.mock.method(ServiceAccountTokens.prototype, 'authenticate', async () => {
      left.abort();
      await once(answers[0]!, 'close');
      return admin;
    });
    subscribe('http.server.request.start', note);
    await rejects(server.send('GET', `${PODS}?watch=1`, undefined, { authorization: 'Bearer slow' }, left.signal));
    unsubscribe('http.server.request.start', note);
    await until('the watch has begun', () => watches.mock.callCount() === 1);
    equal(ended.length, 1);
  });

  it('as Tables tells the columns once', async () => {
    await server.api.create('Deployment', deploymentOf('web'));
    const events = watch('/apis/apps/v1/deployments?watch=1', {
      accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
    });
    const first = await next(events);
    equal(first.object.kind, 'Table');
    equal(first.object.columnDefinitions[0].name, 'Name');
    await server.api.patch('Deployment', 'web', 'shop', { status: { readyReplicas: 1 } }, 'status');
    const second = await next(events);
    deepEqual([second.object.columnDefinitions, second.object.rows[0].cells[1]], [null, '1/2']);
    await events.return();
  });
});

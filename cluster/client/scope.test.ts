import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Cluster } from './cluster.ts';
import { SmallApiServer } from './testing/small-api-server.ts';

let server: SmallApiServer;
let cluster: Cluster;
const connections: boolean[] = [];

beforeEach(async () => {
  server = await new SmallApiServer().start();
  cluster = new Cluster(server.client(), 'shop');
  connections.length = 0;
  cluster.on('connection', (connected) => connections.push(connected));
});
afterEach(async () => {
  cluster.close();
  await server.stop();
});

async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 30_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`not within 30 s: ${condition.toString()}`);
    await setImmediate();
  }
}

const namespace = (name: string, scope: string) => ({
  kind: 'Namespace',
  metadata: { name, labels: { 'breakwater.dev/scope': scope } },
});
const pod = (name: string, namespace: string) => ({ kind: 'Pod', metadata: { name, namespace } });
const names = (list: { metadata: { name: string } }[]) => list.map(({ metadata }) => metadata.name);

test('the scope is its own namespace and those that carry its label, which come and go', async () => {
  server.put(pod('payments-1', 'shop'));
  server.put(pod('bank-1', 'bank'));
  server.put(pod('other-1', 'others'));
  server.put(namespace('others', 'learner-2'));
  cluster.start();
  await until(() => cluster.view.connected);
  assert.deepEqual(names(cluster.view.pods.list()), ['payments-1']);

  server.put(namespace('bank', 'shop'));
  await until(() => cluster.view.pods.get('bank-1') !== undefined);
  assert.deepEqual(cluster.namespaces, ['shop', 'bank']);
  assert.deepEqual(names(cluster.view.pods.list()), ['payments-1', 'bank-1']);
  assert.equal(cluster.view.pods.get('bank-1', 'shop'), undefined);

  const watchesOfTwo = 10; // pods, Deployments, Services and events of each; nodes, namespaces
  await until(() => server.watches === watchesOfTwo);
  server.put(pod('bank-2', 'bank'));
  await until(() => cluster.view.pods.get('bank-2') !== undefined);
  server.remove('/api/v1/namespaces/bank');
  await until(() => cluster.view.pods.list().length === 1);
  assert.deepEqual(connections, [true], 'a namespace that comes or goes is no loss of the connection');
});

test('objects are listed and watched over the scope, and read, changed and deleted where they are', async () => {
  server.put(namespace('bank', 'shop'));
  cluster.start();
  await until(() => cluster.view.connected);
  const seen: string[][] = [];
  const watched = cluster.watch('v1', 'ConfigMap', {
    changed: () => seen.push(names(watched.list())),
    connected: () => undefined,
  });
  const config = (name: string, namespace?: string) => ({
    ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...(namespace && { namespace }) } },
  });
  await cluster.create(config('here'));
  await cluster.create(config('there', 'bank'));
  await until(() => seen.at(-1)?.join() === 'here,there');
  const listed = await cluster.list('v1', 'ConfigMap');
  assert.deepEqual(names(listed), ['here', 'there']);
  assert.equal(listed[0]!.kind, 'ConfigMap', 'items say what they are');
  assert.deepEqual(names(await cluster.list('v1', 'ConfigMap', { namespace: 'bank' })), ['there']);
  assert.equal(await cluster.get('v1', 'ConfigMap', 'there'), null);

  await cluster.patch(config('there', 'bank'), { data: { A: '1' } });
  const there = await cluster.get<ReturnType<typeof config> & { data?: object }>('v1', 'ConfigMap', 'there', 'bank');
  assert.deepEqual(there?.data, { A: '1' });
  assert.equal(await cluster.delete('v1', 'ConfigMap', 'there'), false);
  assert.equal(await cluster.delete('v1', 'ConfigMap', 'there', { namespace: 'bank' }), true);
  await until(() => seen.at(-1)?.join() === 'here');

  const { watches } = server;
  watched.stop();
  await until(() => server.watches === watches - 2);
});

test('cluster-wide kinds are listed and watched once', async () => {
  server.put(namespace('bank', 'shop'));
  server.put({ kind: 'Node', metadata: { name: 'node-1' } });
  cluster.start();
  await until(() => cluster.view.connected);
  assert.deepEqual(names(await cluster.list('v1', 'Node')), ['node-1']);
  const { watches } = server;
  const watched = cluster.watch(
    'v1',
    'Node',
    { changed: () => undefined, connected: () => undefined },
    { clusterWide: true },
  );
  await until(() => watched.get('node-1') !== undefined);
  await until(() => server.watches === watches + 1);
});

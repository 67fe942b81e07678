import { deepEqual, equal, rejects } from 'node:assert/strict';
import { once, EventEmitter } from 'node:events';
import { after, before, describe, it } from 'node:test';
import {
  AppsV1Api,
  CoreV1Api,
  makeInformer,
  PatchStrategy,
  setHeaderOptions,
  type V1Pod,
} from '@kubernetes/client-node';
import { deploymentOf, podOf } from '../testing/objects.ts';
import { openTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
before(async () => {
  server = await openTestServer();
});
after(() => server.close());

describe('client-node', () => {
  it('creates, lists, replaces and deletes', async () => {
    const apps = server.config.makeApiClient(AppsV1Api);
    const created = await apps.createNamespacedDeployment({ namespace: 'shop', body: deploymentOf('web') as never });
    equal(created.metadata?.creationTimestamp instanceof Date, true);
    const { items } = await apps.listNamespacedDeployment({ namespace: 'shop', labelSelector: '!none' });
    equal(items.length, 1);
    const body = { ...items[0]!, spec: { ...items[0]!.spec!, replicas: 3 } };
    equal((await apps.replaceNamespacedDeployment({ name: 'web', namespace: 'shop', body })).spec?.replicas, 3);
    await rejects(apps.replaceNamespacedDeployment({ name: 'web', namespace: 'shop', body }), { code: 409 });
    equal((await apps.deleteNamespacedDeployment({ name: 'web', namespace: 'shop' })).status, 'Success');
  });

  it('patches with each of its strategies', async () => {
    const core = server.config.makeApiClient(CoreV1Api);
    await server.api.create('ConfigMap', { metadata: { name: 'c', namespace: 'shop' }, data: { a: '1', b: '2' } });
    const patch = (strategy: PatchStrategy, body: object) =>
      core.patchNamespacedConfigMap({ name: 'c', namespace: 'shop', body }, setHeaderOptions('Content-Type', strategy));
    deepEqual((await patch(PatchStrategy.MergePatch, { data: { a: null } })).data, { b: '2' });
    deepEqual((await patch(PatchStrategy.StrategicMergePatch, { data: { c: '3' } })).data, { b: '2', c: '3' });
    const operations = [{ op: 'remove', path: '/data/b' }];
    deepEqual((await patch(PatchStrategy.JsonPatch, operations)).data, { c: '3' });
  });

  it('follows pods by informer', async () => {
    await server.api.create('Pod', podOf('there'));
    const core = server.config.makeApiClient(CoreV1Api);
    const path = '/api/v1/namespaces/shop/pods';
    const informer = makeInformer<V1Pod>(server.config, path, () => core.listNamespacedPod({ namespace: 'shop' }));
    const seen = new EventEmitter();
    for (const verb of ['add', 'update', 'delete'] as const) {
      informer.on(verb, (pod) => seen.emit(`${verb} ${pod.metadata!.name}`));
    }
    const there = once(seen, 'add there');
    await informer.start();
    await there;
    const steps: [string, () => Promise<unknown>][] = [
      ['add new', () => server.api.create('Pod', podOf('new'))],
      ['update new', () => server.api.patch('Pod', 'new', 'shop', { metadata: { labels: { x: 'y' } } })],
      ['delete new', () => server.api.delete('Pod', 'new', 'shop')],
    ];
    for (const [event, step] of steps) {
      const happened = once(seen, event);
      await step();
      await happened;
    }
    equal(informer.list().length, 1);
    await informer.stop();
  });
});

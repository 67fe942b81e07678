import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Api } from '../../apiserver/api.ts';
import type { Pod } from '../../kinds/types.ts';
import { reconcileEndpointSlices, startEndpointSliceController } from './endpoint-slice-controller.ts';
import { emptyCluster, podTemplate, revision, run, testContext, webService } from '../../testing/controller-fixture.ts';
import { until } from '../../testing/until.ts';

async function withPods(...ready: boolean[]) {
  const api = await emptyCluster();
  await api.create('Service', webService());
  for (const [i, isReady] of ready.entries()) {
    const pod = await api.create('Pod', podNamed(`web-${i}`));
    await run(api, pod, isReady, `10.244.1.${i + 2}`);
    await api.bind(`web-${i}`, 'shop', 'node-1');
  }
  return { api, reconcile: () => reconcileEndpointSlices(testContext(api), 'shop/web') };
}

function podNamed(name: string): Pod {
  const { metadata, spec } = podTemplate();
  return { metadata: { ...metadata, name, namespace: 'shop' }, spec } as Pod;
}

const slices = async (api: Api) => (await api.list('EndpointSlice')).items;

test('a slice lists the pods of its Service, ready or not, under the port they really listen on', async () => {
  const { api, reconcile } = await withPods(true, false);
  await reconcile();
  const [slice, ...others] = await slices(api);
  assert.equal(others.length, 0);
  assert.equal(slice!.metadata.labels!['kubernetes.io/service-name'], 'web');
  assert.deepEqual(slice!.ports, [{ name: '', port: 8080, protocol: 'TCP' }]);
  assert.deepEqual(
    slice!.endpoints!.map(({ addresses, conditions, targetRef }) => [addresses[0], conditions?.ready, targetRef?.name]),
    [
      ['10.244.1.2', true, 'web-0'],
      ['10.244.1.3', false, 'web-1'],
    ],
  );
});

test('a pod that is being deleted still serves but is no longer ready', async () => {
  const { api, reconcile } = await withPods(true);
  await api.delete('Pod', 'web-0', 'shop');
  await reconcile();
  const [slice] = await slices(api);
  assert.deepEqual(slice!.endpoints![0]!.conditions, { ready: false, serving: true, terminating: true });
});

test('with nothing to do it writes nothing', async () => {
  const { api, reconcile } = await withPods(true, true);
  await reconcile();
  const before = await revision(api);
  await reconcile();
  assert.equal(await revision(api), before);
});

test('a change of readiness changes the slice, not its name', async () => {
  const { api, reconcile } = await withPods(true);
  await reconcile();
  const [before] = await slices(api);
  await run(api, (await api.list('Pod')).items[0]!, false);
  await reconcile();
  const [after] = await slices(api);
  assert.equal(after!.metadata.name, before!.metadata.name);
  assert.equal(after!.endpoints![0]!.conditions!.ready, false);
});

test('the slices that a client wrote for a Service without selector are left alone', async () => {
  const api = await emptyCluster();
  await api.create('Service', webService({ selector: undefined }));
  await api.create('EndpointSlice', {
    metadata: { name: 'web-by-hand', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.240.0.1'] }],
    ports: [{ name: '', port: 4000, protocol: 'TCP' }],
  });
  const before = await revision(api);
  await reconcileEndpointSlices(testContext(api), 'shop/web');
  assert.equal(await revision(api), before);
});

test('a pod that no longer matches a Service younger than its last change is no endpoint any more', async (t) => {
  const { api } = await withPods(true, true);
  const controller = startEndpointSliceController({ api });
  t.after(() => controller.close());
  await api.create('Service', { ...webService(), metadata: { name: 'young', namespace: 'shop' } });
  const endpoints = async () => {
    const { items } = await api.list('EndpointSlice', { labelSelector: 'kubernetes.io/service-name=young' });
    return items[0]?.endpoints?.map(({ targetRef }) => targetRef?.name).join();
  };
  await until('both are endpoints', async () => (await endpoints()) === 'web-0,web-1');
  await api.patch('Pod', 'web-1', 'shop', { metadata: { labels: { app: 'debug' } } });
  await until('one endpoint is left', async () => (await endpoints()) === 'web-0', 10);
});

test('a pod that no longer matches is no endpoint any more', async (t) => {
  const { api } = await withPods(true, true);
  const controller = startEndpointSliceController({ api });
  t.after(() => controller.close());
  const names = async () => (await slices(api))[0]?.endpoints?.map(({ targetRef }) => targetRef?.name).join();
  await until('both are endpoints', async () => (await names()) === 'web-0,web-1');
  await api.patch('Pod', 'web-1', 'shop', { metadata: { labels: { app: 'debug' } } });
  await until('one endpoint is left', async () => (await names()) === 'web-0', 10);
});

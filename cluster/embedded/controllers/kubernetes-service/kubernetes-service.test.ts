import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyCluster, revision } from '../../testing/controller-fixture.ts';
import { publishApi } from './kubernetes-service.ts';

const NAME = ['kubernetes', 'default'] as const;

test('pods find the API by the Service, at the port where it listens now', async () => {
  const api = await emptyCluster();
  for (const port of [6443, 7443]) {
    await publishApi(api, '/default', port);
    const { spec } = await api.get('Service', ...NAME);
    assert.deepEqual([spec?.clusterIP, spec?.ports?.[0]?.port, spec?.ports?.[0]?.targetPort], ['10.96.0.1', 443, port]);
    const { items } = await api.list('EndpointSlice', { labelSelector: 'kubernetes.io/service-name=kubernetes' });
    assert.deepEqual(
      items.map(({ ports, endpoints }) => [ports?.[0]?.port, endpoints?.[0]?.addresses]),
      [[port, ['10.240.0.1']]],
    );
  }
});

test('with nothing to do it writes nothing', async () => {
  const api = await emptyCluster();
  await publishApi(api, '/default', 6443);
  const before = await revision(api);
  await publishApi(api, '/default', 6443);
  await publishApi(api, '/shop', 6443);
  assert.equal(await revision(api), before);
});

test('the Service comes back when somebody has deleted it, and in the place of one of their own', async () => {
  const api = await emptyCluster();
  await publishApi(api, '/default', 6443);
  await api.delete('Service', ...NAME);
  await publishApi(api, '/default', 6443);
  await api.delete('Service', ...NAME);
  const metadata = { name: 'kubernetes', namespace: 'default' };
  await api.create('Service', { metadata, spec: { clusterIP: '10.96.7.7', ports: [{ port: 80 }] } });
  await publishApi(api, '/default', 6443);
  assert.equal((await api.get('Service', ...NAME)).spec?.clusterIP, '10.96.0.1');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Api } from '../../apiserver/api.ts';
import type { ServiceRoute } from '../../network/pod-network.ts';
import { emptyCluster, noteEvents, revision, webService } from '../../testing/controller-fixture.ts';
import { ServiceProxy } from './service-proxy.ts';

async function withServices(...specs: object[]) {
  const api = await emptyCluster();
  for (const [index, spec] of specs.entries()) {
    const service = webService({ ports: [{ port: 8000, targetPort: 8080 }], ...spec });
    await api.create('Service', { ...service, metadata: { name: `web-${index}`, namespace: 'shop' } });
  }
  const events = noteEvents();
  let routes: ServiceRoute[] = [];
  const proxy = new ServiceProxy(api, { setServices: (services) => (routes = services) }, events, '10.240.0.1');
  return { api, proxy, noted: events.noted, ports: () => routes.map((route) => route.ports[0]!.machinePorts) };
}

const ingress = async (api: Api, name = 'web-0') =>
  (await api.get('Service', name, 'shop')).status?.loadBalancer?.ingress?.map(({ ip }) => ip);
const nodePort = async (api: Api) => (await api.get('Service', 'web-0', 'shop')).spec!.ports![0]!.nodePort!;

test('a node port is a port of the machine, and a load balancer has its own too', async () => {
  const { api, proxy, ports } = await withServices({ type: 'NodePort' }, { type: 'LoadBalancer' }, {});
  await proxy.reconcile();
  const [first, second, third] = ports();
  assert.deepEqual(first, [await nodePort(api)]);
  assert.equal(second![1], 8000);
  assert.equal(third, undefined);
  assert.deepEqual(await ingress(api, 'web-1'), ['127.0.0.1']);
  assert.equal(await ingress(api), undefined);
});

test('with nothing to do it writes nothing', async () => {
  const { api, proxy } = await withServices({ type: 'LoadBalancer' }, {});
  await proxy.reconcile();
  const before = await revision(api);
  await proxy.reconcile();
  assert.equal(await revision(api), before);
});

test('a port that is taken on the machine is told of once, and the load balancer has no address until it is free', async () => {
  const { api, proxy, noted } = await withServices({ type: 'LoadBalancer' });
  proxy.portErrors = { 8000: 'EADDRINUSE' };
  await proxy.reconcile();
  await proxy.reconcile();
  assert.equal(noted.length, 1);
  assert.match(noted[0]!, /^PortNotOpened: port 8000 of 127.0.0.1 is taken by another program/);
  assert.equal(await ingress(api), undefined);
  proxy.portErrors = {};
  await proxy.reconcile();
  assert.deepEqual(await ingress(api), ['127.0.0.1']);
});

test('of two load balancers that want one port the older has it', async () => {
  const { api, proxy, noted } = await withServices({ type: 'LoadBalancer' }, { type: 'LoadBalancer' });
  await proxy.reconcile();
  assert.deepEqual([await ingress(api), await ingress(api, 'web-1')], [['127.0.0.1'], undefined]);
  assert.deepEqual(noted, ['PortNotOpened: port 8000 of 127.0.0.1 belongs to the Service shop/web-0: choose another']);
});

test('one that is no load balancer any more gives its address up', async () => {
  const { api, proxy } = await withServices({ type: 'LoadBalancer' });
  await proxy.reconcile();
  await api.patch('Service', 'web-0', 'shop', { spec: { type: 'ClusterIP' } });
  await proxy.reconcile();
  assert.equal(await ingress(api), undefined);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EndpointSlice, Service } from '../../kinds/types.ts';
import { serviceRoutes } from './service-routes.ts';

const hostAddress = '10.240.0.1';

function service(ports: object[], clusterIP = '10.96.0.7'): Service {
  return { metadata: { name: 'web', namespace: 'shop' }, spec: { clusterIP, ports } } as unknown as Service;
}

function slice(ports: object[], endpoints: object[]): EndpointSlice {
  const labels = { 'kubernetes.io/service-name': 'web' };
  return { metadata: { name: 'web-1', namespace: 'shop', labels }, ports, endpoints } as unknown as EndpointSlice;
}

const podRef = (uid: string) => ({ kind: 'Pod', uid });
const routes = (services: Service[], slices: EndpointSlice[]) => serviceRoutes({ services, slices, hostAddress });

test('each port of a Service leads to the ready endpoints of the port of that name', () => {
  const ready = { addresses: ['10.244.1.2'], conditions: { ready: true }, targetRef: podRef('u-1') };
  const starting = { addresses: ['10.244.1.3'], conditions: { ready: false }, targetRef: podRef('u-2') };
  const found = routes(
    [
      service([
        { name: 'http', port: 80 },
        { name: 'admin', port: 9000 },
      ]),
    ],
    [
      slice(
        [
          { name: 'http', port: 8080 },
          { name: 'admin', port: 9001 },
        ],
        [ready, starting],
      ),
    ],
  );
  assert.deepEqual(found, [
    {
      namespace: 'shop',
      name: 'web',
      clusterIP: '10.96.0.7',
      members: [{ uid: 'u-1' }],
      ports: [
        { name: 'http', port: 80, endpoints: [{ uid: 'u-1', port: 8080 }] },
        { name: 'admin', port: 9000, endpoints: [{ uid: 'u-1', port: 9001 }] },
      ],
    },
  ]);
});

test('an address is that of the machine itself, or of whoever has it at the moment of a call', () => {
  const addresses = [hostAddress, '10.244.1.9', '192.0.2.1'].map((address) => ({ addresses: [address] }));
  const found = routes([service([{ port: 4318 }])], [slice([{ port: 4000 }], addresses)]);
  assert.deepEqual(found[0]!.ports[0]!.endpoints, [
    { host: true, port: 4000 },
    { address: '10.244.1.9', port: 4000 },
    { address: '192.0.2.1', port: 4000 },
  ]);
});

test('a headless Service has no address of its own, and one without endpoints leads nowhere', () => {
  const [route] = routes([service([{ port: 80 }], 'None')], []);
  assert.equal(route!.clusterIP, null);
  assert.deepEqual(route!.ports, [{ name: '', port: 80, endpoints: [] }]);
});

test('an endpoint that is terminating and serves may be called, and has no name', () => {
  const leaving = { ready: false, serving: true, terminating: true };
  const gone = { ready: false, serving: false, terminating: true };
  const [route] = routes(
    [service([{ port: 80 }])],
    [
      slice(
        [{ port: 8080 }],
        [
          { addresses: ['10.244.1.2'], conditions: leaving, targetRef: podRef('u-1') },
          { addresses: ['10.244.1.3'], conditions: gone, targetRef: podRef('u-2') },
        ],
      ),
    ],
  );
  assert.deepEqual(route!.ports[0]!.endpoints, [{ uid: 'u-1', port: 8080, terminating: true }]);
  assert.deepEqual(route!.members, []);
});

test('a headless Service without ports has members, each by its hostname', () => {
  const first = { addresses: ['10.244.1.2'], hostname: 'web-0', targetRef: podRef('u-1') };
  const [route] = routes([service([], 'None')], [slice([], [first])]);
  assert.deepEqual(route!.members, [{ uid: 'u-1', hostname: 'web-0' }]);
});

test('affinity, local traffic, node ports and an external name are told', () => {
  const some = service([{ port: 80, nodePort: 30_080 }]);
  some.spec = {
    ...some.spec,
    sessionAffinity: 'ClientIP',
    sessionAffinityConfig: { clientIP: { timeoutSeconds: 10 } },
    internalTrafficPolicy: 'Local',
  };
  const [route] = routes([some], []);
  const { affinityMs, localOnly, ports } = route!;
  assert.deepEqual([affinityMs, localOnly, ports[0]!.nodePort], [10_000, true, 30_080]);
  const named = { metadata: some.metadata, spec: { type: 'ExternalName', externalName: 'example.com' } };
  assert.equal(routes([named as Service], [])[0]!.externalName, 'example.com');
});

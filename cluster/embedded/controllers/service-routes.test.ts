import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EndpointSlice, Pod, Service } from '../kinds/types.ts';
import { serviceRoutes } from './service-routes.ts';

const hostAddress = '10.240.0.1';

function service(ports: object[], clusterIP = '10.96.0.7'): Service {
  return { metadata: { name: 'web', namespace: 'shop' }, spec: { clusterIP, ports } } as unknown as Service;
}

function slice(ports: object[], endpoints: object[]): EndpointSlice {
  const labels = { 'kubernetes.io/service-name': 'web' };
  return { metadata: { name: 'web-1', namespace: 'shop', labels }, ports, endpoints } as unknown as EndpointSlice;
}

const pod = { metadata: { name: 'p', uid: 'u-9' }, status: { podIP: '10.244.1.9' } } as unknown as Pod;
const routes = (services: Service[], slices: EndpointSlice[]) =>
  serviceRoutes({ services, slices, pods: [pod], hostAddress });

test('each port of a Service leads to the ready endpoints of the port of that name', () => {
  const ready = { addresses: ['10.244.1.2'], conditions: { ready: true }, targetRef: { uid: 'u-1' } };
  const starting = { addresses: ['10.244.1.3'], conditions: { ready: false }, targetRef: { uid: 'u-2' } };
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
        { port: 80, endpoints: [{ uid: 'u-1', port: 8080 }] },
        { port: 9000, endpoints: [{ uid: 'u-1', port: 9001 }] },
      ],
    },
  ]);
});

test('an endpoint at the address of the host is the machine itself, and an address alone finds its pod', () => {
  const found = routes(
    [service([{ port: 4318 }])],
    [slice([{ port: 4000 }], [{ addresses: [hostAddress] }, { addresses: ['10.244.1.9'] }])],
  );
  assert.deepEqual(found[0]!.ports[0]!.endpoints, [
    { host: true, port: 4000 },
    { uid: 'u-9', port: 4000 },
  ]);
});

test('a headless Service has no address of its own, and one without endpoints leads nowhere', () => {
  const [route] = routes([service([{ port: 80 }], 'None')], []);
  assert.equal(route!.clusterIP, null);
  assert.deepEqual(route!.ports, [{ port: 80, endpoints: [] }]);
});

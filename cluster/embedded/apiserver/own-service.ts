import type { EndpointSlice, Service } from '../kinds/types.ts';
import { HOST_IP } from '../network/addresses.ts';
import type { Registry } from './registry/registry.ts';
import type { Resource } from './registry/resource.ts';

const NAMESPACE = 'default';
const metadata = { name: 'kubernetes', namespace: NAMESPACE };
/** The address that every cluster leaves to its API server. */
const OWN_ADDRESS = '10.96.0.1';

/**
 * Writes down the API server's own Service, `default/kubernetes`, by which pods reach it; the server listens on `port` of the
 * machine. As in any cluster the Service has no selector, and the server itself says where it is.
 */
export function publishOwnService(registry: Registry, port: number): void {
  const [namespace] = registry.kind('Namespace').list({ fieldSelector: `metadata.name=${NAMESPACE}` });
  if (!namespace || namespace.metadata.deletionTimestamp) return;
  put<Service>(registry.kind('Service'), {
    metadata: { ...metadata, labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: { clusterIP: OWN_ADDRESS, ports: [{ name: 'https', port: 443, targetPort: port }] },
  });
  put<EndpointSlice>(registry.kind('EndpointSlice'), {
    metadata: { ...metadata, labels: { 'kubernetes.io/service-name': metadata.name } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [HOST_IP], conditions: { ready: true } }],
    ports: [{ name: 'https', port, protocol: 'TCP' }],
  });
}

function put<T extends Service | EndpointSlice>(resource: Resource, object: T): void {
  const there = resource.list({ namespace: NAMESPACE, fieldSelector: `metadata.name=${metadata.name}` });
  if (there.length > 0) resource.update(object);
  else resource.create(object);
}

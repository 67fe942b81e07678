import type { EndpointSlice, KubeObject, Service } from '../kinds/types.ts';
import { HOST_IP } from '../network/addresses.ts';
import type { Registry } from './registry/registry.ts';
import type { Resource } from './registry/resource.ts';

const NAMESPACE = 'default';
const metadata = { name: 'kubernetes', namespace: NAMESPACE };
/** The address that every cluster leaves to its API server. */
const OWN_ADDRESS = '10.96.0.1';

/**
 * Writes down the API server's own Service, `default/kubernetes`, by which pods reach it; the server listens on `port` of the
 * machine. As in any cluster the Service has no selector, and the server itself says where it is. What stands in the way of
 * that keeps nobody else from using the API.
 */
export function publishOwnService(registry: Registry, port: number): void {
  try {
    publish(registry, port);
  } catch (error) {
    console.error('the Service default/kubernetes could not be written; pods do not find the API by it:', error);
  }
}

function publish(registry: Registry, port: number): void {
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
  const [there] = resource.list({ namespace: NAMESPACE, fieldSelector: `metadata.name=${metadata.name}` });
  if (there && fixed(there) === fixed(object)) {
    resource.update(object);
    return;
  }
  // Somebody made one of their own under this name, with what cannot be changed afterwards.
  if (there) resource.delete(metadata.name, NAMESPACE);
  resource.create(object);
}

/** What of it may not change once it is set. */
function fixed(object: KubeObject): string | undefined {
  const { spec, addressType } = object as Service & EndpointSlice;
  return spec?.clusterIP ?? addressType;
}

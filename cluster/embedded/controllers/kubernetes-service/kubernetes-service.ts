import type { Api } from '../../apiserver/api.ts';
import type { KubeObject } from '../../kinds/types.ts';
import { HOST_IP } from '../../network/addresses.ts';
import { ignoreNotFound, orNull } from '../../reconcile/api-errors.ts';
import type { Running } from '../../reconcile/controller.ts';
import { defineController } from '../../reconcile/define-controller.ts';

const metadata = { name: 'kubernetes', namespace: 'default' };
const key = `/${metadata.namespace}`;
/** The address that every cluster leaves to its API server. */
const ADDRESS = '10.96.0.1';

/** Keeps the Service by which pods reach the API, `default/kubernetes`; who deletes it sees it come back. */
export function startKubernetesService({ api, apiPort }: { api: Api; apiPort: number }): Running {
  const ofIts = ({ metadata: { name, namespace } }: KubeObject) =>
    name === metadata.name && namespace === metadata.namespace ? key : null;
  return defineController({
    name: 'kubernetes-service',
    for: 'Namespace',
    maps: () => ({ Service: ofIts, EndpointSlice: ofIts }),
    reconcile: (context, namespace) => publishApi(context.api, namespace, apiPort),
  })({ api });
}

/**
 * As in any cluster the Service has no selector: its EndpointSlice says where the API server is.
 *
 * @param port of the machine
 */
export async function publishApi(api: Api, namespaceKey: string, port: number): Promise<void> {
  if (namespaceKey !== key) return;
  const namespace = await orNull(api.get('Namespace', metadata.namespace));
  if (!namespace || namespace.metadata.deletionTimestamp) return;
  const service = {
    metadata: { ...metadata, labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: { clusterIP: ADDRESS, ports: [{ name: 'https', port: 443, targetPort: port }] },
  };
  const slice = {
    metadata: { ...metadata, labels: { 'kubernetes.io/service-name': metadata.name } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [HOST_IP], conditions: { ready: true } }],
    ports: [{ name: 'https', port, protocol: 'TCP' }],
  };
  const there = {
    service: await orNull(api.get('Service', metadata.name, metadata.namespace)),
    slice: await orNull(api.get('EndpointSlice', metadata.name, metadata.namespace)),
  };
  // Somebody may have made one of their own under this name, with what cannot be changed afterwards.
  const isForeign = { service: there.service?.spec?.clusterIP !== ADDRESS, slice: there.slice?.addressType !== 'IPv4' };
  if (there.service && !isForeign.service) await api.update('Service', service);
  else {
    if (there.service) await ignoreNotFound(api.delete('Service', metadata.name, metadata.namespace));
    await api.create('Service', service);
  }
  if (there.slice && !isForeign.slice) await api.update('EndpointSlice', slice);
  else {
    if (there.slice) await ignoreNotFound(api.delete('EndpointSlice', metadata.name, metadata.namespace));
    await api.create('EndpointSlice', slice);
  }
}

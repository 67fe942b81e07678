import { isDeepStrictEqual } from 'node:util';
import type { Api } from '../../apiserver/api.ts';
import { serviceNameLabel } from '../../kinds/endpoint-slice.ts';
import type { EndpointSlice, Pod, Service } from '../../kinds/types.ts';
import { ignoreNotFound, orNull } from '../../reconcile/api-errors.ts';
import { keyOf, splitKey, type KeysOf, type Watches } from '../../reconcile/controller.ts';
import { defineController, type Context } from '../../reconcile/define-controller.ts';
import { withKeysBefore } from '../../reconcile/keys-before.ts';
import { controllerReference, isControlledBy } from '../../reconcile/owner.ts';
import { slicesOf, type SliceContent } from './slices.ts';

const managedByLabel = 'endpointslice.kubernetes.io/managed-by';
const managedBy = 'endpointslice-controller.k8s.io';

/** Writes down which pods stand behind each Service, and which of them are ready, as EndpointSlices. */
export const startEndpointSliceController = defineController({
  name: 'endpoint-slice',
  for: 'Service',
  maps: slicesAndPods,
  reconcile: reconcileEndpointSlices,
});

function slicesAndPods(): Watches {
  const services = new Map<string, Service>();
  const noteService: KeysOf<Service> = (service, type) => {
    if (type === 'DELETED') services.delete(keyOf(service));
    else services.set(keyOf(service), service);
    return null;
  };
  return {
    Service: noteService,
    EndpointSlice: withKeysBefore(keyOfService),
    Pod: withKeysBefore((pod) => [...services.values()].filter((service) => selects(service, pod)).map(keyOf)),
  };
}

export async function reconcileEndpointSlices({ api }: Context, key: string): Promise<void> {
  const { namespace, name } = splitKey(key);
  const service = await orNull(api.get('Service', name, namespace));
  // Slices of a Service that is gone go with it (ownerReferences); a Service without selector has slices of others.
  if (!service || service.metadata.deletionTimestamp || !hasSelector(service)) return;
  const labelSelector = Object.entries(service.spec!.selector!)
    .map(([label, value]) => `${label}=${value}`)
    .join(',');
  const pods = (await api.list('Pod', { namespace, labelSelector })).items;
  const wanted = slicesOf(service, pods);
  const { items } = await api.list('EndpointSlice', { namespace, labelSelector: `${serviceNameLabel}=${name}` });
  const existing = items.filter((slice) => isControlledBy(slice, service));

  // A slice is kept for the same ports, so that a client watching it sees endpoints come and go, not slices.
  const spare = [...existing];
  for (const content of wanted) {
    const same = spare.findIndex((slice) => isDeepStrictEqual(slice.ports ?? [], content.ports));
    const slice = same >= 0 ? spare.splice(same, 1)[0]! : null;
    if (!slice) await create(api, service, content);
    else if (!isDeepStrictEqual(slice.endpoints ?? [], content.endpoints)) {
      await api.update('EndpointSlice', { ...slice, endpoints: content.endpoints });
    }
  }
  for (const slice of spare) {
    await ignoreNotFound(api.delete('EndpointSlice', slice.metadata.name, namespace));
  }
}

async function create(api: Api, service: Service, content: SliceContent): Promise<void> {
  const { name, namespace, labels } = service.metadata;
  const slice: EndpointSlice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      // The API makes the name.
      name: '',
      generateName: `${name}-`,
      namespace,
      labels: { ...labels, [serviceNameLabel]: name, [managedByLabel]: managedBy },
      ownerReferences: [controllerReference(service)],
    },
    addressType: 'IPv4',
    endpoints: content.endpoints,
    ports: content.ports,
  };
  await api.create('EndpointSlice', slice);
}

function keyOfService(slice: EndpointSlice): string | null {
  const name = slice.metadata.labels?.[serviceNameLabel];
  return name ? `${slice.metadata.namespace}/${name}` : null;
}

function hasSelector(service: Service): boolean {
  return Object.keys(service.spec?.selector ?? {}).length > 0 && service.spec?.type !== 'ExternalName';
}

function selects(service: Service, pod: Pod): boolean {
  if (service.metadata.namespace !== pod.metadata.namespace || !hasSelector(service)) return false;
  const labels = pod.metadata.labels ?? {};
  return Object.entries(service.spec!.selector!).every(([label, value]) => labels[label] === value);
}

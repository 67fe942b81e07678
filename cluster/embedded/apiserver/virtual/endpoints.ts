import type { V1EndpointAddress, V1Endpoints, V1EndpointSubset } from '@kubernetes/client-node';
import { ageColumn, column, nameColumn, shorten } from '../../kinds/columns.ts';
import { serviceNameLabel } from '../../kinds/endpoint-slice.ts';
import type { EndpointSlice, KubeObject, Service } from '../../kinds/types.ts';
import { notFound } from '../api-error.ts';
import { selection } from '../http/list-page.ts';
import type { ApiRequest } from '../http/request.ts';
import { sendList, sendObject } from '../http/send-objects.ts';
import type { VirtualResource } from '../registry/api-resource.ts';

const named = {
  ...{ group: '', version: 'v1', kind: 'Endpoints', plural: 'endpoints', singular: 'endpoints' },
  ...{ shortNames: ['ep'], categories: [], namespaced: true },
};
const printed = { ...named, columns: [nameColumn, column('Endpoints', addresses), ageColumn] };

/**
 * What `kubectl describe service` of before 1.31 reads: the EndpointSlices of a Service in the older form. It cannot be written: whoever
 * brings endpoints of their own brings EndpointSlices (Endpoints are deprecated since 1.33).
 */
export const endpoints: VirtualResource = {
  ...named,
  handlers: {
    list(request) {
      const resourceVersion = String(request.server.registry.kind('Service').revision);
      sendList(request, printed, read(request), { resourceVersion });
    },
    get(request) {
      const [found] = read(request);
      if (!found) throw notFound(named, request.name!);
      sendObject(request, 200, found, printed);
    },
  },
};

function read(request: ApiRequest): KubeObject[] {
  const { registry } = request.server;
  const services = registry.kind('Service').list(selection(request)) as Service[];
  return services.flatMap(({ metadata }) => {
    const own = { namespace: metadata.namespace, labelSelector: `${serviceNameLabel}=${metadata.name}` };
    const slices = registry.kind('EndpointSlice').list(own) as EndpointSlice[];
    if (slices.length === 0) return [];
    const { labels, creationTimestamp, resourceVersion, uid } = metadata;
    const subsets = slices.map(subset).filter((one) => one.addresses ?? one.notReadyAddresses);
    return {
      ...{ kind: named.kind, apiVersion: named.version },
      metadata: { name: metadata.name, namespace: metadata.namespace, labels, creationTimestamp, resourceVersion, uid },
      ...(subsets.length > 0 && { subsets }),
    };
  });
}

function subset({ endpoints: all, ports }: EndpointSlice): V1EndpointSubset {
  const ready: V1EndpointAddress[] = [];
  const notReady: V1EndpointAddress[] = [];
  for (const { addresses, conditions, hostname, nodeName, targetRef } of all ?? []) {
    const [ip] = addresses;
    if (ip) (conditions?.ready === false ? notReady : ready).push({ ip, hostname, nodeName, targetRef });
  }
  return {
    ...(ready.length > 0 && { addresses: ready }),
    ...(notReady.length > 0 && { notReadyAddresses: notReady }),
    ports: ports?.flatMap(({ name, port, protocol }) => (port ? { ...(name && { name }), port, protocol } : [])),
  };
}

/** As kubectl prints them: `10.244.0.7:8080,10.244.1.9:8080`, at most three. */
function addresses(object: KubeObject): string {
  const all = ((object as V1Endpoints).subsets ?? []).flatMap(({ addresses: ready, ports }) =>
    (ready ?? []).flatMap(({ ip }) => (ports?.length ? ports.map(({ port }) => `${ip}:${port}`) : ip)),
  );
  return shorten(all) || '<none>';
}

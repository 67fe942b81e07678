import type { EndpointSlice, Pod, Service } from '../kinds/types.ts';
import type { ServiceRoute } from '../network/pod-network.ts';
import { serviceNameLabel } from './endpoints.ts';

type Endpoint = ServiceRoute['ports'][number]['endpoints'][number];

export interface RoutingWorld {
  services: Service[];
  slices: EndpointSlice[];
  /** For slices that a client wrote: they name addresses, the pod network knows pods. */
  pods: Pod[];
  /** The address under which pods reach the machine itself. */
  hostAddress: string;
}

/** The whole routing table: each Service's ports and the ready endpoints behind them. */
export function serviceRoutes(world: RoutingWorld): ServiceRoute[] {
  const uidByAddress = new Map(world.pods.map((pod) => [pod.status?.podIP, pod.metadata.uid!]));
  return world.services.map((service) => {
    const { name, namespace } = service.metadata;
    const slices = world.slices.filter(
      ({ metadata }) => metadata.namespace === namespace && metadata.labels?.[serviceNameLabel] === name,
    );
    return {
      namespace: namespace ?? 'default',
      name,
      clusterIP: service.spec?.clusterIP && service.spec.clusterIP !== 'None' ? service.spec.clusterIP : null,
      ports: (service.spec?.ports ?? []).map((port) => ({
        port: port.port,
        endpoints: slices.flatMap((slice) => endpointsOf(slice, port.name ?? '')),
      })),
    };
  });

  function endpointsOf(slice: EndpointSlice, portName: string): Endpoint[] {
    const port = slice.ports?.find(({ name }) => (name ?? '') === portName)?.port;
    if (port === undefined) return [];
    return (slice.endpoints ?? []).filter(isRoutable).flatMap(({ addresses, targetRef }): Endpoint[] => {
      const address = addresses[0];
      if (address === world.hostAddress) return [{ host: true, port }];
      const uid = targetRef?.uid ?? uidByAddress.get(address);
      return uid ? [{ uid, port }] : [];
    });
  }
}

/** An endpoint without a word about its readiness counts as ready (discovery.k8s.io/v1). */
function isRoutable({ conditions }: NonNullable<EndpointSlice['endpoints']>[number]): boolean {
  return conditions?.ready !== false;
}

import type { EndpointSlice, Pod, Service } from '../kinds/types.ts';
import type { ServiceMember, ServiceRoute } from '../network/pod-network.ts';
import { serviceNameLabel } from './endpoints.ts';

type Endpoint = NonNullable<EndpointSlice['endpoints']>[number];

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
      members: slices.flatMap(membersOf),
      ports: (service.spec?.ports ?? []).map((port) => ({
        port: port.port,
        endpoints: slices.flatMap((slice) => endpointsOf(slice, port.name ?? '')),
      })),
    };
  });

  function endpointsOf(slice: EndpointSlice, portName: string): (ServiceMember & { port: number })[] {
    const port = slice.ports?.find(({ name }) => (name ?? '') === portName)?.port;
    return port === undefined ? [] : membersOf(slice).map((member) => ({ ...member, port }));
  }

  function membersOf(slice: EndpointSlice): ServiceMember[] {
    return (slice.endpoints ?? []).filter(isRoutable).flatMap(({ addresses, targetRef }): ServiceMember[] => {
      const address = addresses[0];
      if (address === world.hostAddress) return [{ host: true }];
      const uid = targetRef?.uid ?? uidByAddress.get(address);
      return uid ? [{ uid }] : [];
    });
  }
}

/** An endpoint without a word about its readiness counts as ready (discovery.k8s.io/v1). */
function isRoutable({ conditions }: Endpoint): boolean {
  return conditions?.ready !== false;
}

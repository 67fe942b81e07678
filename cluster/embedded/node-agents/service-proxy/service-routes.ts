import type { EndpointSlice, Service } from '../../kinds/types.ts';
import type { ServiceEndpoint, ServiceMember, ServiceRoute } from '../../network/pod-network.ts';
import { serviceNameLabel } from '../../kinds/endpoint-slice.ts';
import { portOwners, wantedPorts } from './machine-ports.ts';

type Endpoint = NonNullable<EndpointSlice['endpoints']>[number];

export interface RoutingWorld {
  services: Service[];
  slices: EndpointSlice[];
  /** The address under which pods reach the machine itself. */
  hostAddress: string;
}

/** The whole routing table: each Service's ports and the endpoints behind them. */
export function serviceRoutes(world: RoutingWorld): ServiceRoute[] {
  const owners = portOwners(world.services);
  return world.services.map((service) => {
    const { name, namespace = 'default' } = service.metadata;
    const spec = service.spec ?? {};
    const isTcp = ({ protocol }: { protocol?: string }) => (protocol ?? 'TCP') === 'TCP';
    const slices = world.slices.filter(
      ({ metadata }) => metadata.namespace === namespace && metadata.labels?.[serviceNameLabel] === name,
    );
    const affinity = spec.sessionAffinity === 'ClientIP' ? spec.sessionAffinityConfig?.clientIP : undefined;
    return {
      namespace,
      name,
      clusterIP: spec.clusterIP && spec.clusterIP !== 'None' ? spec.clusterIP : null,
      ...(spec.type === 'ExternalName' && { externalName: spec.externalName }),
      ...(spec.internalTrafficPolicy === 'Local' && { localOnly: true as const }),
      ...(affinity?.timeoutSeconds && { affinityMs: affinity.timeoutSeconds * 1000 }),
      members: slices.flatMap((slice) => (slice.endpoints ?? []).filter(isReady).flatMap(membersOf)),
      ports: (spec.ports ?? []).filter(isTcp).map((servicePort) => {
        const { name: portName = '', port, nodePort } = servicePort;
        const machinePorts = wantedPorts(service, servicePort).filter((wanted) => owners.get(wanted) === service);
        return {
          name: portName,
          port,
          ...(nodePort && { nodePort }),
          ...(machinePorts.length > 0 && { machinePorts }),
          endpoints: slices.flatMap((slice) => endpointsOf(slice, portName)),
        };
      }),
    };
  });

  function endpointsOf(slice: EndpointSlice, portName: string): ServiceEndpoint[] {
    const port = slice.ports?.find(({ name }) => (name ?? '') === portName)?.port;
    if (port === undefined) return [];
    return (slice.endpoints ?? []).filter(mayBeCalled).flatMap((endpoint) => {
      const terminating = isReady(endpoint) ? {} : { terminating: true as const };
      return memberOf(endpoint).map((member) => ({ ...member, port, ...terminating }));
    });
  }

  function membersOf(endpoint: Endpoint): ServiceRoute['members'] {
    const { hostname } = endpoint;
    return memberOf(endpoint).map((member) => ({ ...member, ...(hostname && { hostname }) }));
  }

  /** Of several addresses the first one counts (discovery.k8s.io/v1). Whose it is, where it names no pod, the pod network knows. */
  function memberOf({ addresses: [address], targetRef }: Endpoint): ServiceMember[] {
    if (address === undefined) return [];
    if (address === world.hostAddress) return [{ host: true }];
    return [targetRef?.kind === 'Pod' && targetRef.uid ? { uid: targetRef.uid } : { address }];
  }
}

/** An endpoint without a word about its readiness counts as ready (discovery.k8s.io/v1). */
function isReady({ conditions }: Endpoint): boolean {
  return conditions?.ready !== false;
}

/** One that is terminating may be called as long as it serves, where there is no other. */
function mayBeCalled(endpoint: Endpoint): boolean {
  const { serving, terminating } = endpoint.conditions ?? {};
  return isReady(endpoint) || (serving === true && terminating === true);
}

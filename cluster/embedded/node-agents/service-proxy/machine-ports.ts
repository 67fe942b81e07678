import type { Service } from '../../kinds/types.ts';

type Port = NonNullable<NonNullable<Service['spec']>['ports']>[number];

/** What a load balancer here is: the machine's own loopback. */
export const machineIngress = [{ ip: '127.0.0.1', ipMode: 'Proxy' }];

/** The ports of the machine that a port of a Service asks for: the node port, and a load balancer's own. */
export function wantedPorts({ spec }: Service, { port, nodePort, protocol }: Port): number[] {
  if ((protocol ?? 'TCP') !== 'TCP' || (spec?.type !== 'NodePort' && spec?.type !== 'LoadBalancer')) return [];
  return [...(nodePort ? [nodePort] : []), ...(spec.type === 'LoadBalancer' ? [port] : [])];
}

/** Who gets each port of the machine: the older Service, where two load balancers want the same. */
export function portOwners(services: readonly Service[]): Map<number, Service> {
  const age = ({ metadata }: Service) => `${metadata.creationTimestamp} ${metadata.namespace}/${metadata.name}`;
  const byAge = [...services].sort((a, b) => (age(a) < age(b) ? -1 : 1));
  const owners = new Map<number, Service>();
  for (const service of byAge) {
    for (const port of (service.spec?.ports ?? []).flatMap((each) => wantedPorts(service, each))) {
      if (!owners.has(port)) owners.set(port, service);
    }
  }
  return owners;
}

/**
 * Why a Service does not have the ports that it asks for, in words: one for each such port.
 *
 * @param errors names of errnos, by port, of those that could not be opened
 */
export function portProblems(
  service: Service,
  owners: ReadonlyMap<number, Service>,
  errors: Readonly<Record<number, string>>,
): string[] {
  const wanted = (service.spec?.ports ?? []).flatMap((port) => wantedPorts(service, port));
  return wanted.flatMap((port) => {
    const owner = owners.get(port);
    const where = `port ${port} of 127.0.0.1`;
    if (owner?.metadata.uid !== service.metadata.uid) {
      return [`${where} belongs to the Service ${owner?.metadata.namespace}/${owner?.metadata.name}: choose another`];
    }
    const code = errors[port];
    if (code === undefined) return [];
    if (code === 'EADDRINUSE') return [`${where} is taken by another program of this machine; it is tried again`];
    return [`${where} could not be opened (${code}); it is tried again`];
  });
}

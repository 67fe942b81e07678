import { HOST_IP, isClusterAddress, sourceAlias } from '../addresses.ts';
import type { DialReply, PodRecord, ResolveReply } from '../messages.ts';
import type { ServiceRoute } from '../pod-network.ts';
import type { Route } from './connection.ts';
import type { Pod, PodTable } from './pod-table.ts';

export type Destination = { route: Route } | { reply: DialReply };

/** Answers the two questions of a caller, as cluster DNS and kube-proxy would: what is this name, what is behind this address? */
export class Routing {
  #services: ServiceRoute[] = [];
  readonly #pods: PodTable;

  constructor(pods: PodTable) {
    this.#pods = pods;
  }

  setServices(services: ServiceRoute[]): void {
    this.#services = services;
  }

  /** No addresses: NXDOMAIN. `outside`: a name that cluster DNS would ask its upstream for. */
  resolve(name: string, source: PodRecord): ResolveReply {
    const asked = name.toLowerCase().replace(/\.$/, '');
    if (asked === source.name) return { addresses: [source.ip] };
    const inCluster = /^([^.]+)(?:\.([^.]+)(?:\.svc(?:\.cluster\.local)?)?)?$/.exec(asked);
    if (!inCluster) return asked.endsWith('.cluster.local') ? { addresses: [] } : { outside: true };
    const [, serviceName, namespace = source.namespace] = inCluster;
    const service = this.#services.find((s) => s.name === serviceName && s.namespace === namespace);
    if (service) return { addresses: service.clusterIP ? [service.clusterIP] : this.#endpointAddresses(service) };
    const mightBeOutside = /^[^.]+\.[^.]+$/.test(asked) && !this.#isNamespace(namespace);
    return mightBeOutside ? { outside: true } : { addresses: [] };
  }

  /** Where a connection to `address:port` goes, or what the caller is to be told instead. */
  route(address: string, port: number, source: Pod): Destination {
    if (address === '127.0.0.1') {
      const own = source.realPort(port, { loopback: true });
      return { reply: own === undefined ? { error: 'ECONNREFUSED' } : { ownPort: own } };
    }
    const service = this.#services.find((s) => s.clusterIP === address);
    if (service) {
      const endpoints = service.ports.find((p) => p.port === port)?.endpoints ?? [];
      const endpoint = endpoints[Math.floor(Math.random() * endpoints.length)];
      if (!endpoint) return { reply: { error: 'ECONNREFUSED' } };
      const services = [`${service.namespace}/${service.name}`];
      if ('host' in endpoint) return hostRoute(source.record, endpoint.port, services);
      return this.#podRoute(source.record, this.#pods.byUid(endpoint.uid), endpoint.port, services);
    }
    if (address === HOST_IP) return hostRoute(source.record, port, this.#servicesAt({ host: true, port }));
    const pod = this.#pods.byIp(address);
    if (pod) return this.#podRoute(source.record, pod, port, this.#servicesAt({ uid: pod.record.uid, port }));
    return { reply: isClusterAddress(address) ? { error: 'EHOSTUNREACH' } : { outside: true } };
  }

  #podRoute(source: PodRecord, pod: Pod | undefined, port: number, services: string[]): Destination {
    if (!pod) return { reply: { error: 'EHOSTUNREACH' } };
    const realPort = pod.realPort(port, { loopback: false });
    if (realPort === undefined) return { reply: { error: 'ECONNREFUSED' } };
    // A published program sees the real source address, and judges by it (pg_hba.conf): it gets plain 127.0.0.1.
    const localAddress = pod.isPublished(port) ? undefined : sourceAlias(source.ip);
    return { route: { source, destinationUid: pod.record.uid, services, realPort, localAddress } };
  }

  /** A pod that is called by its own address is still called as the Services it stands behind. */
  #servicesAt(wanted: { uid: string; port: number } | { host: true; port: number }): string[] {
    const isWanted = (endpoint: ServiceRoute['ports'][number]['endpoints'][number]) =>
      endpoint.port === wanted.port &&
      ('host' in endpoint ? 'host' in wanted : 'uid' in wanted && endpoint.uid === wanted.uid);
    return this.#services
      .filter((service) => service.ports.some(({ endpoints }) => endpoints.some(isWanted)))
      .map(({ namespace, name }) => `${namespace}/${name}`);
  }

  #endpointAddresses(service: ServiceRoute): string[] {
    const addresses = service.members.map((member) =>
      'host' in member ? HOST_IP : this.#pods.byUid(member.uid)?.record.ip,
    );
    return [...new Set(addresses.filter((address) => address !== undefined))];
  }

  #isNamespace(name: string): boolean {
    return (
      this.#services.some((s) => s.namespace === name) || this.#pods.all().some((p) => p.record.namespace === name)
    );
  }
}

function hostRoute(source: PodRecord, realPort: number, services: string[]): Destination {
  return { route: { source, destinationUid: null, services, realPort, localAddress: undefined } };
}

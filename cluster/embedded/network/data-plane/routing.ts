import { HOST_IP, isClusterAddress, isNodeAddress, sourceAlias } from '../addresses.ts';
import type { DialReply, PodRecord } from '../messages.ts';
import type { PodPolicy, ServiceEndpoint, ServiceMember, ServicePort, ServiceRoute } from '../pod-network.ts';
import { Balancer } from './balancer.ts';
import type { Route } from './connection.ts';
import type { Pod, PodTable } from './pod-table.ts';
import { Policies } from './policies.ts';

/** `dropped`: nobody ever answers. */
export type Destination = { route: Route } | { reply: DialReply } | 'dropped';

export function isRefused(found: Destination): boolean {
  return found !== 'dropped' && 'reply' in found && 'error' in found.reply;
}

/** What is behind this address? As kube-proxy and the pod network would answer. */
export class Routing {
  #services: ServiceRoute[] = [];
  readonly #pods: PodTable;
  readonly #balancer: Balancer;
  readonly #policies = new Policies();

  constructor(pods: PodTable) {
    this.#pods = pods;
    this.#balancer = new Balancer({
      nodeOf: (endpoint) => this.#podAt(endpoint)?.record.nodeName,
      now: () => performance.now(),
    });
  }

  setServices(services: ServiceRoute[]): void {
    this.#services = services;
  }

  setPolicies(policies: PodPolicy[]): void {
    this.#policies.set(policies);
  }

  /** Where a connection to `address:port` goes, or what the caller is to be told instead. */
  route(address: string, port: number, source: Pod): Destination {
    if (address === '127.0.0.1') {
      const own = source.realPort(port, { loopback: true });
      return { reply: own === undefined ? { error: 'ECONNREFUSED' } : { ownPort: own } };
    }
    const service = this.#services.find((s) => s.clusterIP === address);
    if (service) {
      const servicePort = service.ports.find((p) => p.port === port);
      return servicePort ? this.#toService(service, servicePort, source.record) : REFUSED;
    }
    // The machine has the node ports too, and by its own ports nobody would know any more who calls.
    const atNode = isNodeAddress(address) || address === HOST_IP;
    const found = atNode && this.#toNode(({ nodePort }) => nodePort === port, source.record);
    if (found) return found;
    if (address === HOST_IP) return hostRoute(source.record, port, this.#servicesAt('host', port));
    if (atNode) return REFUSED;
    const pod = this.#pods.byIp(address);
    if (pod) return this.#toPod(source.record, pod, port, this.#servicesAt(pod, port));
    if (!this.#policies.allow(source.record, { ip: address }, port)) return 'dropped';
    return isClusterAddress(address) ? UNREACHABLE : { reply: { outside: true } };
  }

  #toService(service: ServiceRoute, port: ServicePort, source: PodRecord): Destination {
    const endpoint = this.#balancer.choose(service, port, source);
    if (endpoint === 'dropped') return 'dropped';
    if (endpoint === 'refused') return REFUSED;
    const services = [`${service.namespace}/${service.name}`];
    if ('host' in endpoint) return hostRoute(source, endpoint.port, services);
    const pod = this.#podAt(endpoint);
    if (pod || 'uid' in endpoint) return this.#toPod(source, pod, endpoint.port, services);
    if (!this.#policies.allow(source, { ip: endpoint.address }, endpoint.port)) return 'dropped';
    // To the machine it would be an address of another network.
    if (isClusterAddress(endpoint.address)) return UNREACHABLE;
    return outsideRoute(source, endpoint.address, endpoint.port, services);
  }

  /** The pod that a Service names, or that has the address it names now. */
  #podAt(member: ServiceMember): Pod | undefined {
    if ('uid' in member) return this.#pods.byUid(member.uid);
    return 'address' in member ? this.#pods.byIp(member.address) : undefined;
  }

  /** Where a connection to a port of the machine goes. */
  fromMachine(port: number): Destination {
    return this.#toNode(({ machinePorts }) => machinePorts?.includes(port) ?? false, MACHINE) ?? REFUSED;
  }

  /** The ports of the machine that lead to somebody: one that leads to nobody refuses, as anywhere. */
  machinePorts(): number[] {
    const ports = this.#services.flatMap((service) => service.ports).filter(({ endpoints }) => endpoints.length > 0);
    return ports.flatMap(({ machinePorts }) => machinePorts ?? []);
  }

  /** A node has its node ports. They are reached wherever the endpoints are: `localOnly` is about the clusterIP. */
  #toNode(isIt: (port: ServicePort) => boolean, source: PodRecord): Destination | undefined {
    for (const service of this.#services) {
      const port = service.ports.find(isIt);
      if (port) return this.#toService({ ...service, localOnly: undefined }, port, source);
    }
    return undefined;
  }

  #toPod(source: PodRecord, pod: Pod | undefined, port: number, services: string[]): Destination {
    if (!pod) return UNREACHABLE;
    if (!this.#policies.allow(source, pod.record, port)) return 'dropped';
    const realPort = pod.realPort(port, { loopback: false });
    if (realPort === undefined) return REFUSED;
    // A published program sees the real source address, and judges by it (pg_hba.conf): it gets plain 127.0.0.1.
    const localAddress = pod.isPublished(port) ? undefined : sourceAlias(source.ip);
    return { route: { source, destination: pod.record, services, host: LOOPBACK, realPort, localAddress } };
  }

  /** A pod that is called by its own address is still called as the Services it stands behind. */
  #servicesAt(called: Pod | 'host', port: number): string[] {
    const isWanted = (endpoint: ServiceEndpoint) =>
      endpoint.port === port && ('host' in endpoint ? called === 'host' : this.#podAt(endpoint) === called);
    return this.#services
      .filter((service) => service.ports.some(({ endpoints }) => endpoints.some(isWanted)))
      .map(({ namespace, name }) => `${namespace}/${name}`);
  }
}

const LOOPBACK = '127.0.0.1';
const UNREACHABLE: Destination = { reply: { error: 'EHOSTUNREACH' } };
const REFUSED: Destination = { reply: { error: 'ECONNREFUSED' } };

/** Whoever calls from the machine itself, as if from a node. */
const MACHINE: PodRecord = {
  ...{ uid: '', name: '', namespace: '', nodeName: '', token: '' },
  ip: HOST_IP,
  published: [],
};

function hostRoute(source: PodRecord, realPort: number, services: string[]): Destination {
  return outsideRoute(source, LOOPBACK, realPort, services);
}

function outsideRoute(source: PodRecord, host: string, realPort: number, services: string[]): Destination {
  return { route: { source, destination: null, services, host, realPort, localAddress: undefined } };
}

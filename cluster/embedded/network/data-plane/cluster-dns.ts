import { HOST_IP } from '../addresses.ts';
import type { Found, PodRecord, QueryReply, RecordType, SrvRecord } from '../messages.ts';
import type { ServiceMember, ServicePort, ServiceRoute } from '../pod-network.ts';
import type { PodTable } from './pod-table.ts';

const ZONE = 'cluster.local';
/** A name with fewer dots is tried with the search path first, as a pod's resolv.conf says (`options ndots:5`). */
const NDOTS = 5;
/** How many names an ExternalName may lead through. */
const LONGEST_CHAIN = 8;

/** What there is of a name that exists. */
interface Records {
  addresses: string[];
  alias?: string;
  services?: SrvRecord[];
}

/** Cluster DNS (kubernetes.io: DNS for Services and Pods; github.com/kubernetes/dns: docs/specification.md). */
export class ClusterDns {
  #services: ServiceRoute[] = [];
  readonly #pods: PodTable;

  constructor(pods: PodTable) {
    this.#pods = pods;
  }

  setServices(services: ServiceRoute[]): void {
    this.#services = services;
  }

  /** What getaddrinfo finds: the pod's own name as in its /etc/hosts, then what the search path leads to. */
  resolve(name: string, source: PodRecord): Found {
    const asked = name.toLowerCase();
    if (asked === (source.hostname ?? source.name)) return { addresses: [source.ip] };
    for (const candidate of searchPath(asked, source.namespace)) {
      const found = this.#find(candidate);
      if (found) return this.#follow(found);
    }
    return this.#mayBeOutside(asked) ? { outside: true } : { addresses: [] };
  }

  /** The Service that a name stands for, as `namespace/name`. */
  serviceNamed(name: string, source: PodRecord, { asItStands = false } = {}): string | undefined {
    const asked = name.toLowerCase();
    const candidates = asItStands ? [asked.replace(/\.$/, '')] : searchPath(asked, source.namespace);
    for (const candidate of candidates) {
      const service = isInZone(candidate) ? this.#serviceOf(labelsOf(candidate)) : undefined;
      if (service) return `${service.namespace}/${service.name}`;
    }
    return undefined;
  }

  /** What a DNS client is answered, which takes a name as it stands. */
  query(name: string, record: RecordType): QueryReply {
    const asked = name.toLowerCase().replace(/\.$/, '');
    if (!isInZone(asked)) return this.#mayBeOutside(asked) ? { outside: true } : { error: 'ENOTFOUND' };
    const found = this.#find(asked);
    if (!found) return { error: 'ENOTFOUND' };
    if (record === 'CNAME') return { records: found.alias ? [found.alias] : [] };
    if (record === 'SRV') return { records: found.services ?? [] };
    const reply = this.#follow(found);
    if ('outside' in reply) return reply;
    return { records: record === 'A' ? reply.addresses : [] };
  }

  #follow(first: Records): Found {
    let found: Records | undefined = first;
    for (let names = 0; found?.alias && names < LONGEST_CHAIN; names++) {
      if (!isInZone(found.alias)) return { outside: true, name: found.alias };
      found = this.#find(found.alias);
    }
    return { addresses: found?.addresses ?? [] };
  }

  /** A whole name in the zone, without its last dot. */
  #find(name: string): Records | undefined {
    if (!isInZone(name)) return undefined;
    const labels = labelsOf(name);
    const [sort, namespace = '', serviceName = '', ...front] = labels;
    if (sort === 'pod') {
      const address = serviceName.replaceAll('-', '.');
      return this.#pods.byIp(address)?.record.namespace === namespace ? { addresses: [address] } : undefined;
    }
    const service = this.#serviceOf(labels);
    if (!service) return undefined;
    if (front.length === 0) return this.#ofService(service, service.ports);
    if (front.length === 1) return this.#ofMember(service, front[0]!);
    const [protocol, portName] = front;
    const ports = service.ports.filter((port) => protocol === '_tcp' && `_${port.name}` === portName);
    return front.length === 2 && ports.length > 0 ? this.#ofService(service, ports) : undefined;
  }

  #serviceOf([sort, namespace, name]: string[]): ServiceRoute | undefined {
    if (sort !== 'svc') return undefined;
    return this.#services.find((each) => each.name === name && each.namespace === namespace);
  }

  #ofService(service: ServiceRoute, ports: ServicePort[]): Records | undefined {
    const { clusterIP, externalName } = service;
    if (externalName) return { addresses: [], alias: externalName.toLowerCase() };
    const own = nameOf(service);
    if (clusterIP) {
      const services = ports.map(({ port }) => srv(own, port, ports.length));
      return { addresses: [clusterIP], services };
    }
    const addresses = service.members
      .map((member) => this.#addressOf(member))
      .filter((address) => address !== undefined);
    // A headless Service without a ready pod has no records at all.
    if (addresses.length === 0) return undefined;
    const targets = ports.flatMap(({ endpoints }) => endpoints.filter(({ terminating }) => !terminating));
    const services = targets.map((endpoint) => {
      return srv(`${this.#labelOf(service, endpoint)}.${own}`, endpoint.port, targets.length);
    });
    return { addresses: [...new Set(addresses)], services };
  }

  /** A pod by its hostname, or by its address with dashes. */
  #ofMember(service: ServiceRoute, label: string): Records | undefined {
    const members = service.members.filter((member) => this.#labelOf(service, member) === label);
    const addresses = members.map((member) => this.#addressOf(member)).filter((address) => address !== undefined);
    return addresses.length > 0 ? { addresses: [...new Set(addresses)] } : undefined;
  }

  #labelOf(service: ServiceRoute, member: ServiceMember): string | undefined {
    const address = this.#addressOf(member);
    const hostname = service.members.find((each) => each.hostname && this.#addressOf(each) === address)?.hostname;
    return hostname ?? address?.replaceAll('.', '-');
  }

  #addressOf(member: ServiceMember): string | undefined {
    if ('host' in member) return HOST_IP;
    return 'address' in member ? member.address : this.#pods.byUid(member.uid)?.record.ip;
  }

  /** Cluster DNS would ask its own upstream. What can only be a name of this cluster does not leave the machine. */
  #mayBeOutside(asked: string): boolean {
    const labels = asked.replace(/\.$/, '').split('.');
    const last = labels.at(-1)!;
    return labels.length > 1 && last !== 'svc' && !isInZone(labels.join('.')) && !this.#isNamespace(last);
  }

  #isNamespace(name: string): boolean {
    return (
      this.#services.some((s) => s.namespace === name) || this.#pods.all().some((p) => p.record.namespace === name)
    );
  }
}

/** The whole names that a name may stand for, in the order in which they are tried. */
function searchPath(asked: string, namespace: string): string[] {
  if (asked.endsWith('.')) return [asked.slice(0, -1)];
  const searched = [`${namespace}.svc.${ZONE}`, `svc.${ZONE}`, ZONE].map((domain) => `${asked}.${domain}`);
  return asked.split('.').length > NDOTS ? [asked, ...searched] : [...searched, asked];
}

/** The labels of a name in the zone, from the zone on. */
function labelsOf(name: string): string[] {
  return name
    .slice(0, -ZONE.length - 1)
    .split('.')
    .reverse();
}

function isInZone(name: string): boolean {
  return name.endsWith(`.${ZONE}`);
}

function nameOf({ name, namespace }: ServiceRoute): string {
  return `${name}.${namespace}.svc.${ZONE}`;
}

/** CoreDNS shares 100 among the targets. */
function srv(name: string, port: number, targets: number): SrvRecord {
  return { name, port, priority: 0, weight: Math.max(1, Math.floor(100 / targets)) };
}

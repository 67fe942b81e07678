import type { ServiceEndpoint, ServicePort, ServiceRoute } from '../pod-network.ts';

/** Bound of what is remembered of callers, for Services with affinity. */
const MOST_REMEMBERED = 10_000;

export interface BalancerOptions {
  /** The node that an endpoint is on. */
  nodeOf: (endpoint: ServiceEndpoint) => string | undefined;
  /** In ms, monotonic. */
  now: () => number;
}

/** Chooses the endpoint for a connection, as kube-proxy does (kubernetes.io: Virtual IPs and Service Proxies). */
export class Balancer {
  /** By Service, port and caller: the endpoint it was led to, and when. In the order of their last use. */
  readonly #remembered = new Map<string, { to: string; at: number }>();
  readonly #options: BalancerOptions;

  constructor(options: BalancerOptions) {
    this.#options = options;
  }

  /** @returns the endpoint; `refused` where there is none, `dropped` where there is none on the caller's node */
  choose(
    service: ServiceRoute,
    { port, endpoints }: ServicePort,
    caller: { ip: string; nodeName: string },
  ): ServiceEndpoint | 'refused' | 'dropped' {
    if (endpoints.length === 0) return 'refused';
    const onNode = (endpoint: ServiceEndpoint) => this.#options.nodeOf(endpoint) === caller.nodeName;
    const candidates = preferred(service.localOnly ? endpoints.filter(onNode) : endpoints);
    const random = candidates[Math.floor(Math.random() * candidates.length)];
    if (!random) return 'dropped';
    if (service.affinityMs === undefined) return random;
    const key = `${service.namespace}/${service.name}:${port} ${caller.ip}`;
    const known = this.#remembered.get(key);
    const isFresh = known && this.#options.now() - known.at < service.affinityMs;
    const chosen = (isFresh && candidates.find((endpoint) => identity(endpoint) === known.to)) || random;
    this.#remember(key, identity(chosen));
    return chosen;
  }

  #remember(key: string, to: string): void {
    this.#remembered.delete(key);
    this.#remembered.set(key, { to, at: this.#options.now() });
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size > MOST_REMEMBERED) this.#remembered.delete(oldest!);
  }
}

/** Where no endpoint is ready, those that are on their way out and serve. */
function preferred(endpoints: ServiceEndpoint[]): ServiceEndpoint[] {
  const ready = endpoints.filter(({ terminating }) => !terminating);
  return ready.length > 0 ? ready : endpoints;
}

function identity(endpoint: ServiceEndpoint): string {
  const member = 'uid' in endpoint ? endpoint.uid : 'host' in endpoint ? 'host' : endpoint.address;
  return `${member}:${endpoint.port}`;
}

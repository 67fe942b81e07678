import type { EdgeView, PodView, ServiceRole, ServiceView, Topology, Traffic } from '../contract/topology.ts';
import { assess } from './health.ts';
import type { ScopeTelemetry } from './scope-telemetry.ts';
import { OTHER } from './series-store.ts';
import type { BeyondBound, Family } from './series-store.ts';

/** What the cluster says about a service. */
export interface KnownService {
  service: string;
  role: ServiceRole;
  /** Customers enter here; not where it is not said. */
  entry?: boolean;
  pods: PodView[];
}

type Source = Pick<
  ScopeTelemetry,
  'beyondBounds' | 'edges' | 'silentNodes' | 'services' | 'windowed' | 'inFlight' | 'oldestMs' | 'pools' | 'queues'
>;

/**
 * The cluster's services and pods together with what was measured. Whoever sends telemetry without being in the cluster is
 * shown too, without pods, and so are the databases, brokers and object stores that they speak to; calls to other
 * addresses that are no service are not.
 *
 * @param hasLeft whether the cluster had a service before: what was measured of it then is kept, but it is no part of what there is
 */
export function buildTopology(
  known: KnownService[],
  telemetry: Source,
  hasLeft: (service: string) => boolean = () => false,
): Topology {
  const beyond = telemetry.beyondBounds();
  const measured = telemetry.edges();
  const nodes = new Map(known.map((service) => [service.service, service]));
  const silent = telemetry.silentNodes();
  const add = (service: string) => {
    if (!nodes.has(service) && !hasLeft(service))
      nodes.set(service, { service, role: silent.get(service) ?? 'service', pods: [] });
  };
  for (const service of telemetry.services()) add(service);
  if (beyond.some(({ family }) => family === 'edge')) add(OTHER);
  // Whoever calls one of these and serves nothing itself is known by its calls alone.
  for (const { source, destination } of measured) if (nodes.has(destination) || silent.has(destination)) add(source);
  for (const service of silent.keys()) add(service);
  const edges: EdgeView[] = measured.filter((edge) => nodes.has(edge.source) && nodes.has(edge.destination));
  const services = [...nodes.values()].map((service) => toView(service, edges, telemetry));
  return { services, edges, problem: problemOf(beyond) };
}

/** Remembers which services the cluster has had; those it has no more, as when a pattern took them away, have left. */
export function departures(): (known: readonly KnownService[]) => (service: string) => boolean {
  const seen = new Set<string>();
  return (known) => {
    const present = new Set(known.map(({ service }) => service));
    for (const service of present) seen.add(service);
    return (service) => seen.has(service) && !present.has(service);
  };
}

const FAMILIES: Record<Family, string> = {
  service: 'services',
  edge: 'calls between them',
  operation: 'operations',
  customer: 'operations of customers',
};

function problemOf(beyond: BeyondBound[]): string | null {
  if (beyond.length === 0) return null;
  const what = beyond.map(({ family, bound }) => `${bound} ${FAMILIES[family]}`).join(' and ');
  return `More than ${what} in 15 minutes: those beyond are counted together as "${OTHER}".`;
}

function toView(
  { service, role, entry = false, pods }: KnownService,
  edges: EdgeView[],
  telemetry: Source,
): ServiceView {
  const traffic = trafficOf(service, role, edges, telemetry);
  const open = { inFlight: telemetry.inFlight(service), oldestMs: telemetry.oldestMs(service) };
  const measured = { ...assess(traffic, pods, open), ...traffic, ...open };
  const { pools, queues } = { pools: telemetry.pools(service), queues: telemetry.queues(service) };
  return { name: service, role, entry, ...measured, pools, queues, pods };
}

/** A service counts what it serves; what sends no spans (database, broker, object store), what is asked of it; the load, what it asks. */
function trafficOf(service: string, role: ServiceRole, edges: EdgeView[], telemetry: Source): Traffic {
  if (role === 'load') {
    return telemetry.windowed(...edges.filter((edge) => edge.source === service).map((edge) => edge.id));
  }
  if (role === 'database' || role === 'broker' || role === 'object-store') {
    return telemetry.windowed(...edges.filter((edge) => edge.destination === service).map((edge) => edge.id));
  }
  return telemetry.windowed(service);
}

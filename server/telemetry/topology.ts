import type { EdgeView, PodView, ServiceRole, ServiceView, Topology, Traffic } from '../contract/topology.ts';
import { assess } from './health.ts';
import type { ScopeTelemetry } from './scope-telemetry.ts';

/** What the cluster says about a service. */
export interface KnownService {
  service: string;
  role: ServiceRole;
  pods: PodView[];
}

type Source = Pick<ScopeTelemetry, 'edges' | 'silentNodes' | 'services' | 'windowed' | 'inFlight' | 'oldestMs'>;

/**
 * The cluster's services and pods together with what was measured. Whoever sends telemetry without being in the cluster is
 * shown too, without pods; calls to addresses that are no service are not.
 */
export function buildTopology(known: KnownService[], telemetry: Source): Topology {
  const names = new Set(known.map(({ service }) => service));
  const strangers = telemetry.services().filter((service) => !names.has(service));
  const all: KnownService[] = [
    ...known,
    ...strangers.map((service) => ({ service, role: 'service' as const, pods: [] })),
  ];
  for (const service of strangers) names.add(service);
  const silent = telemetry.silentNodes();
  for (const { source, destination, protocol } of telemetry.edges()) {
    if (protocol !== 'messaging' && protocol !== 'object-store') continue;
    // What sends no spans is the broker or the store. Another end nobody knows is a service that only sends.
    for (const service of [source, destination]) {
      if (names.has(service)) continue;
      names.add(service);
      all.push({ service, role: silent.get(service) ?? 'service', pods: [] });
    }
  }
  const edges: EdgeView[] = telemetry.edges().filter((edge) => names.has(edge.source) && names.has(edge.destination));
  return { services: all.map((service) => toView(service, edges, telemetry)), edges };
}

function toView({ service, role, pods }: KnownService, edges: EdgeView[], telemetry: Source): ServiceView {
  const traffic = trafficOf(service, role, edges, telemetry);
  const open = { inFlight: telemetry.inFlight(service), oldestMs: telemetry.oldestMs(service) };
  return { name: service, role, ...assess(traffic, pods, open), ...traffic, ...open, pods };
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

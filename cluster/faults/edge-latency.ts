import type { Cluster } from '../client/cluster.ts';
import { networkFaultVersion } from '../client/cluster.ts';
import { ClusterError } from '../client/errors.ts';
import type { NetworkFault } from '../embedded/kinds/types.ts';
import { edges } from './edges.ts';
import type { Evidence, Fault, Lease } from './fault.ts';

const kind = 'NetworkFault';
/** The lease as JSON: what a restarted server reads its faults back from. */
const leaseAnnotation = 'faults.breakwater.dev/lease';
type Stored = NetworkFault & { apiVersion: string; kind: string };

/** Bytes on one edge travel slowly, both ways, below anything the services can see. */
export const edgeLatency: Fault = {
  id: 'edge-latency',
  title: 'Slow network',
  category: 'network',
  summary: 'Everything sent over one edge is held back, in each direction.',
  targetKind: 'edge',
  parameters: [
    { name: 'delayMs', label: 'Delay each way', unit: 'ms', min: 1, max: 10_000, default: 200 },
    { name: 'jitterMs', label: 'Jitter', unit: 'ms', min: 0, max: 5_000, default: 50 },
  ],
  duration: { default: 60, max: 900 },
  async targets(cluster) {
    const { networkFaults } = await cluster.capabilities();
    return networkFaults ? edges(cluster) : [];
  },
  async apply(cluster, lease) {
    if (await read(cluster, lease)) return;
    const [source = '', destination = ''] = lease.target.split('>');
    const fault: Stored = {
      apiVersion: networkFaultVersion,
      kind,
      metadata: {
        name: lease.id,
        namespace: cluster.namespace,
        annotations: { [leaseAnnotation]: JSON.stringify(lease) },
      },
      spec: {
        source,
        destination,
        delayMs: lease.parameters['delayMs'] ?? 0,
        jitterMs: lease.parameters['jitterMs'] ?? 0,
        expiresAt: new Date(lease.endsAt).toISOString(),
      },
    };
    await cluster.create(fault).catch((error: unknown) => {
      if (!(error instanceof ClusterError) || error.status !== 409) throw error; // 409: an earlier try got through
    });
  },
  async recover(cluster, lease) {
    const last = await counted(cluster, lease).catch((): Evidence[] => []); // to end it matters more than to count it
    await cluster.delete(networkFaultVersion, kind, lease.id);
    return last;
  },
  evidence: counted,
  async active(cluster) {
    if (!(await cluster.capabilities()).networkFaults) return { leases: [], silent: [] };
    const faults = await cluster.list<Stored>(networkFaultVersion, kind);
    return { leases: faults.filter(({ status }) => status?.phase !== 'Expired').flatMap(leaseOf), silent: [] };
  },
};

/** The data plane counts for all pods, and starts anew when it does. */
async function counted(cluster: Cluster, lease: Lease): Promise<Evidence[]> {
  const status = (await read(cluster, lease))?.status;
  return status ? [{ counter: lease.id, delayed: status.delayed ?? 0, failed: 0, pods: status.pods ?? [] }] : [];
}

function read(cluster: Cluster, lease: Lease): Promise<Stored | null> {
  return cluster.get<Stored>(networkFaultVersion, kind, lease.id);
}

/** A fault that someone made with kubectl carries no annotation; it counts all the same, so that stop all finds it. */
function leaseOf({ metadata, spec }: Stored): Lease[] {
  const endsAt = Date.parse(spec.expiresAt);
  if (endsAt <= Date.now()) return [];
  const written = metadata.annotations?.[leaseAnnotation];
  if (written) return [JSON.parse(written) as Lease];
  const startedAt = metadata.creationTimestamp ? Date.parse(metadata.creationTimestamp) : Date.now();
  const parameters = { delayMs: spec.delayMs ?? 0, jitterMs: spec.jitterMs ?? 0 };
  return [
    {
      id: metadata.name,
      fault: 'edge-latency',
      target: `${spec.source ?? '*'}>${spec.destination}`,
      parameters,
      startedAt,
      endsAt,
    },
  ];
}

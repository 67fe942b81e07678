import type { Manifest } from '../cluster/client/apply.ts';
import type { Cluster } from '../cluster/client/cluster.ts';

/** Without a selector; both are this process's door for OTLP. That of logs is one of its own, so that it can be slow alone. */
export const telemetryServices = ['telemetry', 'log-store'];

/**
 * Points the Services for telemetry at this process. `hostIp` is the machine's address as pods see it; in a real cluster it must be one that
 * they can reach.
 */
export async function announceTelemetry(cluster: Cluster, hostIp: string, port: number): Promise<void> {
  const slices = telemetryServices.map(async (service) => ({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${service}-lab`,
      namespace: cluster.namespace,
      labels: { 'kubernetes.io/service-name': service, 'endpointslice.kubernetes.io/managed-by': 'breakwater' },
    },
    addressType: 'IPv4',
    endpoints: [{ addresses: [hostIp], conditions: { ready: true } }],
    ports: [{ name: await portName(cluster, service), port, protocol: 'TCP' }],
  }));
  await cluster.applyAll((await Promise.all(slices)) as Manifest[]);
}

/** An endpoint's port is found by the name it has in the Service. */
async function portName(cluster: Cluster, service: string): Promise<string> {
  const found = await cluster.get<Service>('v1', 'Service', service);
  return found?.spec?.ports?.[0]?.name ?? '';
}

type Service = {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
  spec?: { ports?: { name?: string }[] };
};

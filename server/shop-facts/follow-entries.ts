import type { Cluster } from '../../cluster/client/cluster.ts';
import { shopFacts } from './shop-facts.ts';

/** Tells telemetry where customers enter the shop, now and whenever the manifests say otherwise, until the cluster is closed. */
export function followEntries(cluster: Cluster, telemetry: { setEntries(services: string[]): void }): void {
  const tell = () => telemetry.setEntries(shopFacts(cluster).flatMap(({ service, entry }) => (entry ? [service] : [])));
  tell();
  cluster.on('change', tell);
}

import type { Cluster } from '../client/cluster.ts';
import type { Service } from '../embedded/kinds/types.ts';
import type { ObjectReference } from '../client/resources.ts';

/**
 * Every edge there can be, as `source>destination`: a Deployment may call any Service that has pods behind it, whether it
 * does so now or not.
 */
export async function edges(cluster: Cluster): Promise<string[]> {
  const services = await cluster.list<Service & ObjectReference>('v1', 'Service');
  const destinations = services.filter(({ spec }) => spec?.selector).map(({ metadata }) => metadata.name);
  const sources = cluster.view.deployments.list().map(({ metadata, spec }) => {
    return spec?.template.metadata?.labels?.['app'] ?? metadata.name;
  });
  return sources.flatMap((source) => {
    return destinations.filter((name) => name !== source).map((destination) => `${source}>${destination}`);
  });
}

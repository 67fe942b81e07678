import type { Cluster } from '../client/cluster.ts';
import type { ConfigMap, Service } from '../embedded/kinds/types.ts';
import type { ObjectReference } from '../client/resources.ts';

type Referable<T> = T & ObjectReference;

/**
 * Who is configured to call whom, as `source>destination`: a Deployment whose environment holds the host name of a
 * Service calls that Service. A twelve-factor service keeps every address of others there, so that nothing is missed
 * and an edge can be chosen before the first call.
 */
export async function edges(cluster: Cluster): Promise<string[]> {
  const [services, configMaps] = await Promise.all([
    cluster.list<Referable<Service>>('v1', 'Service'),
    cluster.list<Referable<ConfigMap>>('v1', 'ConfigMap'),
  ]);
  const data = new Map(configMaps.map(({ metadata, data }) => [metadata.name, data ?? {}]));
  const names = services.map(({ metadata }) => metadata.name);
  const found = new Set<string>();
  for (const { metadata, spec } of cluster.view.deployments.list()) {
    const values = (spec?.template.spec?.containers ?? []).flatMap(({ env = [], envFrom = [] }) => [
      ...env.map(({ value, valueFrom }) => {
        const reference = valueFrom?.configMapKeyRef;
        return value ?? (reference && data.get(reference.name ?? '')?.[reference.key]) ?? '';
      }),
      ...envFrom.flatMap(({ configMapRef }) => Object.values(data.get(configMapRef?.name ?? '') ?? {})),
    ]);
    const hosts = new Set(values.flatMap(hostOf));
    const source = spec?.template.metadata?.labels?.['app'] ?? metadata.name;
    for (const name of names) if (hosts.has(name) && name !== source) found.add(`${source}>${name}`);
  }
  return [...found].sort();
}

function hostOf(value: string): string[] {
  const host = URL.parse(value)?.hostname || (/^[a-z0-9-]+$/.test(value) ? value : '');
  return host ? [host.split('.')[0] ?? host] : [];
}

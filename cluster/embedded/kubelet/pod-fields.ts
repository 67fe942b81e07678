import type { ConfigMap, Container, Pod, Secret, Service } from '../kinds/types.ts';
import { parseQuantity } from '../quantity.ts';

/** Where the values come from that are not in the Pod itself; null where there is no such object. */
export interface ConfigSource {
  configMap(name: string): Promise<ConfigMap | null>;
  secret(name: string): Promise<Secret | null>;
  /** The Services of the pod's namespace. */
  services(): Promise<Service[]>;
  /** The Service of the API server, which every container is told of. */
  apiServices(): Promise<Service[]>;
  /** What the pod's node has for pods. */
  allocatable(): Promise<Record<string, string>>;
}

/** What only the kubelet knows of a pod. */
export interface PodFacts {
  podIP: string;
  hostIP: string;
  /** What its node has for pods: the limit of a container that has none. */
  allocatable: Record<string, string>;
}

/** The value of a fieldRef. Throws an Error for a path that there is not. */
export function fieldValue(path: string, pod: Pod, facts: PodFacts): string {
  const [, member, key] = /^metadata\.(labels|annotations)\['([^']+)'\]$/.exec(path) ?? [];
  if (member && key) return pod.metadata[member as 'labels' | 'annotations']?.[key] ?? '';
  const fields: Record<string, string | undefined> = {
    'metadata.name': pod.metadata.name,
    'metadata.namespace': pod.metadata.namespace,
    'metadata.uid': pod.metadata.uid,
    'spec.nodeName': pod.spec?.nodeName,
    'spec.serviceAccountName': pod.spec?.serviceAccountName ?? 'default',
    'status.podIP': facts.podIP,
    'status.podIPs': facts.podIP,
    'status.hostIP': facts.hostIP,
    'status.hostIPs': facts.hostIP,
  };
  if (path in fields) return fields[path] ?? '';
  throw new Error(`unsupported fieldPath ${path}; there are: ${Object.keys(fields).join(', ')}`);
}

/** Labels or annotations as a file has them: a line of `key="value"` each, by key. */
export function mapText(map: Record<string, string> = {}): string {
  const keys = Object.keys(map).sort();
  return keys.map((key) => `${key}=${JSON.stringify(map[key])}`).join('\n');
}

/** The value of a resourceFieldRef, in units of its divisor, rounded up. */
export function resourceValue(
  { resource, divisor }: { resource: string; divisor?: string },
  container: Container,
  { allocatable }: PodFacts,
): string {
  const [list = '', name = ''] = resource.split('.');
  const own = container.resources?.[list as 'limits' | 'requests']?.[name];
  const amount = own ?? (list === 'limits' ? allocatable[name] : undefined) ?? 0;
  const unit = parseQuantity(divisor && divisor !== '0' ? divisor : 1);
  return String(Math.ceil(parseQuantity(amount) / unit));
}

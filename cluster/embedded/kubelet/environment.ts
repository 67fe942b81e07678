import type { ConfigMap, Container, Pod, Secret, Service } from '../kinds/types.ts';
import { parseQuantity } from '../quantity.ts';
import { expandVariables } from './expand-variables.ts';
import { serviceVariables } from './service-variables.ts';

type EnvVar = NonNullable<Container['env']>[number];

/** Where the values come from that are not in the Pod itself; null where there is no such object. */
export interface ConfigSource {
  configMap(name: string): Promise<ConfigMap | null>;
  secret(name: string): Promise<Secret | null>;
  /** The Services of the pod's namespace. */
  services(): Promise<Service[]>;
}

/** What only the kubelet knows of a pod. */
export interface PodFacts {
  podIP: string;
  hostIP: string;
}

/** The container cannot be made as its Pod asks: `message` says which object or key is missing. */
export class ContainerConfigError extends Error {
  readonly code = 'CreateContainerConfigError';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ContainerConfigError';
  }
}

/** The environment of a container: first the Services there are, then envFrom, then env, which may refer to what stands before it. */
export async function resolveEnvironment(
  pod: Pod,
  container: Container,
  facts: PodFacts,
  source: ConfigSource,
): Promise<Record<string, string>> {
  const env = pod.spec?.enableServiceLinks === false ? {} : serviceVariables(await source.services());
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    const data = configMapRef
      ? await configMapData(configMapRef, source)
      : secretRef
        ? await secretData(secretRef, source)
        : null;
    for (const [key, value] of Object.entries(data ?? {})) env[prefix + key] = value;
  }
  for (const variable of container.env ?? []) {
    const value = variable.valueFrom
      ? await valueFrom(variable, pod, container, facts, source)
      : expandVariables(variable.value ?? '', env);
    if (value !== null) env[variable.name] = value;
  }
  return env;
}

interface Reference {
  name?: string;
  optional?: boolean;
}

async function configMapData({ name = '', optional }: Reference, source: ConfigSource) {
  const configMap = await source.configMap(name);
  if (configMap) return configMap.data ?? {};
  if (optional) return null;
  throw new ContainerConfigError(`configmap "${name}" not found`);
}

async function secretData({ name = '', optional }: Reference, source: ConfigSource) {
  const secret = await source.secret(name);
  if (!secret && optional) return null;
  if (!secret) throw new ContainerConfigError(`secret "${name}" not found`);
  const decoded = Object.entries(secret.data ?? {}).map(([key, value]) => [
    key,
    Buffer.from(value, 'base64').toString(),
  ]);
  return Object.fromEntries(decoded) as Record<string, string>;
}

async function valueFrom(
  { valueFrom: from }: EnvVar,
  pod: Pod,
  container: Container,
  facts: PodFacts,
  source: ConfigSource,
): Promise<string | null> {
  if (from?.fieldRef) return fieldValue(from.fieldRef.fieldPath, pod, facts);
  if (from?.resourceFieldRef) return resourceValue(from.resourceFieldRef, container);
  const reference = from?.configMapKeyRef ?? from?.secretKeyRef;
  if (!reference) throw new ContainerConfigError('valueFrom names no source that the embedded cluster knows');
  const kind = from?.configMapKeyRef ? 'ConfigMap' : 'Secret';
  const data = await (kind === 'ConfigMap' ? configMapData(reference, source) : secretData(reference, source));
  const value = data?.[reference.key];
  if (value !== undefined) return value;
  if (reference.optional) return null;
  const place = `${pod.metadata.namespace}/${reference.name}`;
  throw new ContainerConfigError(`couldn't find key ${reference.key} in ${kind} ${place}`);
}

function fieldValue(path: string, pod: Pod, facts: PodFacts): string {
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
  };
  if (path in fields) return fields[path] ?? '';
  throw new ContainerConfigError(`unsupported fieldPath ${path}; there are: ${Object.keys(fields).join(', ')}`);
}

function resourceValue({ resource, divisor }: { resource: string; divisor?: string }, container: Container): string {
  const [list = '', name = ''] = resource.split('.');
  const amount = container.resources?.[list as 'limits' | 'requests']?.[name];
  const unit = parseQuantity(divisor && divisor !== '0' ? divisor : 1);
  return String(Math.ceil(parseQuantity(amount ?? 0) / unit));
}

import type { Container, Pod } from '../kinds/types.ts';
import { expandVariables } from './expand-variables.ts';
import { fieldValue, resourceValue, type ConfigSource, type PodFacts } from './pod-fields.ts';
import { serviceVariables } from './service-variables.ts';

type EnvVar = NonNullable<Container['env']>[number];

/** The container cannot be made as its Pod asks: `message` says which object or key is missing. */
export class ContainerConfigError extends Error {
  readonly code = 'CreateContainerConfigError';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ContainerConfigError';
  }
}

/** The environment of a container: first the API's Service and those of its namespace, then envFrom, then env, which may refer to what stands before it. */
export async function resolveEnvironment(
  pod: Pod,
  container: Container,
  facts: PodFacts,
  source: ConfigSource,
): Promise<Record<string, string>> {
  const links = pod.spec?.enableServiceLinks === false ? [] : await source.services();
  const env = serviceVariables([...(await source.apiServices()), ...links]);
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
  if (from?.fieldRef) return field(from.fieldRef.fieldPath, pod, facts);
  if (from?.resourceFieldRef) return resourceValue(from.resourceFieldRef, container, facts);
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

function field(path: string, pod: Pod, facts: PodFacts): string {
  try {
    return fieldValue(path, pod, facts);
  } catch (cause) {
    throw new ContainerConfigError((cause as Error).message, { cause });
  }
}

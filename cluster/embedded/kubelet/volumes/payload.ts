import type { ConfigMap, Pod, PodSpec, Secret } from '../../kinds/types.ts';
import { fieldValue, mapText, resourceValue, type ConfigSource, type PodFacts } from '../pod-fields.ts';
import type { Payload } from './atomic-writer.ts';

type Volume = NonNullable<PodSpec['volumes']>[number];
type Projection = NonNullable<NonNullable<Volume['projected']>['sources']>[number];
type Items = NonNullable<NonNullable<Volume['configMap']>['items']>;
type FieldItems = NonNullable<NonNullable<Volume['downwardAPI']>['items']>;

/** What the files of a pod are made of. */
export interface FileSources {
  source: ConfigSource;
  facts: PodFacts;
  /** A token of the pod's service account. */
  token(pod: Pod, request: TokenRequest): Promise<string>;
}

export interface TokenRequest {
  /** Whom it is for; undefined is the API server. */
  audience: string | undefined;
  /** Lifetime, s. */
  expirationSeconds: number;
}

/** Whether a volume holds files that the kubelet writes, and keeps as its sources are. */
export function isOfFiles(volume: Volume): boolean {
  return Boolean(volume.configMap ?? volume.secret ?? volume.downwardAPI ?? volume.projected);
}

/** The files of such a volume. Throws an Error that says what is missing, in the kubelet's words. */
export async function payloadOf(volume: Volume, pod: Pod, sources: FileSources): Promise<Payload> {
  const { configMap, secret, downwardAPI, projected } = volume;
  if (configMap) return projection({ configMap }, configMap.defaultMode, pod, sources);
  if (secret) {
    const source = { ...secret, name: secret.secretName };
    return projection({ secret: source }, secret.defaultMode, pod, sources);
  }
  if (downwardAPI) return projection({ downwardAPI }, downwardAPI.defaultMode, pod, sources);
  const payload: Payload = new Map();
  const problems: string[] = [];
  for (const source of projected?.sources ?? []) {
    try {
      for (const [path, file] of await projection(source, projected?.defaultMode, pod, sources))
        payload.set(path, file);
    } catch (error) {
      problems.push((error as Error).message);
    }
  }
  if (problems.length > 0) throw new Error(problems.length === 1 ? problems[0] : `[${problems.join(', ')}]`);
  return payload;
}

async function projection(
  { configMap, secret, downwardAPI, serviceAccountToken }: Projection,
  mode = 0o644,
  pod: Pod,
  { source, facts, token }: FileSources,
): Promise<Payload> {
  if (configMap) {
    const found = await source.configMap(configMap.name ?? '');
    if (!found && !configMap.optional) throw new Error(`configmap "${configMap.name}" not found`);
    return chosen('configmap references non-existent config key', bytesOf(found), configMap, mode);
  }
  if (secret) {
    const found = await source.secret(secret.name ?? '');
    if (!found && !secret.optional) throw new Error(`secret "${secret.name}" not found`);
    return chosen('references non-existent secret key', secretBytes(found), secret, mode);
  }
  if (downwardAPI) return fields(downwardAPI.items ?? [], mode, pod, facts);
  if (serviceAccountToken) {
    const { audience, expirationSeconds = 3600, path } = serviceAccountToken;
    const data = Buffer.from(await token(pod, { audience, expirationSeconds }));
    return new Map([[path, { data, mode }]]);
  }
  throw new Error('a projected source that this cluster does not have');
}

function bytesOf(configMap: ConfigMap | null): Map<string, Buffer> {
  const { data = {}, binaryData = {} } = configMap ?? {};
  return new Map([
    ...Object.entries(data).map(([key, text]) => [key, Buffer.from(text)] as const),
    ...Object.entries(binaryData).map(([key, text]) => [key, Buffer.from(text, 'base64')] as const),
  ]);
}

function secretBytes(secret: Secret | null): Map<string, Buffer> {
  return new Map(Object.entries(secret?.data ?? {}).map(([key, text]) => [key, Buffer.from(text, 'base64')]));
}

/** All keys, or those that `items` chooses, at their paths. */
function chosen(
  missing: string,
  bytes: Map<string, Buffer>,
  { items, optional }: { items?: Items; optional?: boolean },
  mode: number,
): Payload {
  if (!items?.length) return new Map(Array.from(bytes, ([key, data]) => [key, { data, mode }]));
  const payload: Payload = new Map();
  for (const item of items) {
    const data = bytes.get(item.key);
    if (data) payload.set(item.path, { data, mode: item.mode ?? mode });
    else if (!optional) throw new Error(`${missing}: ${item.key}`);
  }
  return payload;
}

function fields(items: FieldItems, mode: number, pod: Pod, facts: PodFacts): Payload {
  return new Map(
    items.map(({ path, fieldRef, resourceFieldRef, mode: own = mode }) => [
      path,
      {
        data: Buffer.from(
          fieldRef ? fieldText(fieldRef.fieldPath, pod, facts) : resourceText(resourceFieldRef!, pod, facts),
        ),
        mode: own,
      },
    ]),
  );
}

/** In a file, unlike in a variable, all labels or annotations may stand together. */
function fieldText(path: string, pod: Pod, facts: PodFacts): string {
  if (path === 'metadata.labels') return mapText(pod.metadata.labels);
  if (path === 'metadata.annotations') return mapText(pod.metadata.annotations);
  return fieldValue(path, pod, facts);
}

function resourceText(
  selector: NonNullable<FieldItems[number]['resourceFieldRef']>,
  pod: Pod,
  facts: PodFacts,
): string {
  const { initContainers = [], containers = [] } = pod.spec ?? {};
  const container = [...containers, ...initContainers].find(({ name }) => name === selector.containerName);
  if (!container) throw new Error(`container ${selector.containerName} not found`);
  return resourceValue(selector, container, facts);
}

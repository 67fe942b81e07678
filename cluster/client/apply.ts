import { isNotFound } from './errors.ts';
import { threeWayPatch } from './three-way-patch.ts';
import type { Requests } from './requests.ts';
import type { ObjectReference, Resources } from './resources.ts';

/** A whole object as a manifest holds it. */
export interface Manifest extends ObjectReference {
  metadata: ObjectReference['metadata'] & {
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    generation?: number;
  };
}

export interface ApplyResult {
  /** `Deployment/payments` and so on, in the order of the manifests. */
  created: string[];
  changed: string[];
  unchanged: string[];
  /** Generation of each Deployment by its name, by which a reader knows whether it has seen this change. */
  generations: Record<string, number>;
}

/** Marks what we apply, so that `prune` can tell it from what others made. */
const ownerLabel = { 'app.kubernetes.io/managed-by': 'breakwater' };

/** kubectl's own: so that `kubectl apply` and `kubectl diff` of a learner agree with us on what was set by whom. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** Kinds that `prune` looks through; each may be absent from the cluster. */
const prunable: [apiVersion: string, kind: string][] = [
  ['apps/v1', 'Deployment'],
  ['v1', 'Service'],
  ['v1', 'ConfigMap'],
  ['v1', 'Secret'],
];

/** Objects must exist before others may refer to them. */
const order = ['Namespace', 'Secret', 'ConfigMap', 'Service', 'EndpointSlice'];

/**
 * Brings each object to what its manifest says, kind after kind, and says what that changed. Applying the same again
 * changes nothing. Throws ClusterError.
 */
export async function apply(requests: Requests, resources: Resources, manifests: Manifest[]): Promise<ApplyResult> {
  const result: ApplyResult = { created: [], changed: [], unchanged: [], generations: {} };
  for (const stage of stages(manifests)) {
    const outcomes = await Promise.all(stage.map((manifest) => applyOne(requests, resources, owned(manifest))));
    for (const [index, { outcome, live }] of outcomes.entries()) {
      const { kind, metadata } = stage[index]!;
      result[outcome].push(`${kind}/${metadata.name}`);
      if (kind === 'Deployment') result.generations[metadata.name] = live.metadata.generation ?? 0;
    }
  }
  return result;
}

/** Deletes what carries our label in these namespaces and is not among the manifests. Returns what it deleted. */
export async function prune(
  requests: Requests,
  resources: Resources,
  manifests: Manifest[],
  namespace: string,
): Promise<string[]> {
  const wanted = new Set(
    manifests
      .filter((one) => one.metadata.namespace === namespace)
      .map(({ kind, metadata }) => `${kind}/${metadata.name}`),
  );
  const labelSelector = Object.entries(ownerLabel)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
  const deleted: string[] = [];
  for (const [apiVersion, kind] of prunable) {
    const collection = await resources.path(apiVersion, kind, namespace);
    const { items } = await requests.json<{ items: ObjectReference[] }>('GET', collection, {
      query: { labelSelector },
    });
    for (const { metadata } of items) {
      const id = `${kind}/${metadata.name}`;
      if (wanted.has(id)) continue;
      await requests.json('DELETE', `${collection}/${encodeURIComponent(metadata.name)}`).catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
      deleted.push(id);
    }
  }
  return deleted;
}

async function applyOne(
  requests: Requests,
  resources: Resources,
  desired: Manifest,
): Promise<{ outcome: 'created' | 'changed' | 'unchanged'; live: Manifest }> {
  const { apiVersion, kind, metadata } = desired;
  const record = JSON.stringify(desired);
  const withRecord = {
    ...desired,
    metadata: { ...metadata, annotations: { ...metadata.annotations, [lastApplied]: record } },
  };
  const path = await resources.path(apiVersion, kind, metadata.namespace, metadata.name);
  let live: Manifest;
  try {
    live = await requests.json<Manifest>('GET', path);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    const collection = await resources.path(apiVersion, kind, metadata.namespace);
    return { outcome: 'created', live: await requests.json<Manifest>('POST', collection, { body: withRecord }) };
  }
  const patch = threeWayPatch(JSON.parse(live.metadata.annotations?.[lastApplied] ?? '{}'), withRecord, live);
  if (!patch) return { outcome: 'unchanged', live };
  return { outcome: 'changed', live: await requests.json<Manifest>('PATCH', path, { patch: 'merge', body: patch }) };
}

function owned(manifest: Manifest): Manifest {
  const { stringData, data, ...rest } = manifest as Manifest & {
    stringData?: Record<string, string>;
    data?: Record<string, string>;
  };
  const labels = { ...manifest.metadata.labels, ...ownerLabel };
  // stringData can be written but never read back, so it would differ for ever.
  const encoded = Object.entries(stringData ?? {}).map(([name, text]) => [name, Buffer.from(text).toString('base64')]);
  const whole = data || stringData ? { data: { ...data, ...Object.fromEntries(encoded) } } : {};
  return { ...rest, ...whole, metadata: { ...manifest.metadata, labels } } as Manifest;
}

/** What may be applied at the same time, one group after the other. */
function stages(manifests: Manifest[]): Manifest[][] {
  const rest = manifests.filter(({ kind }) => !order.includes(kind));
  return [...order.map((kind) => manifests.filter((manifest) => manifest.kind === kind)), rest];
}

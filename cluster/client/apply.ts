import { differences } from './differences.ts';
import type { ApplyOptions, Cluster } from './cluster.ts';
import type { ObjectReference } from './resources.ts';

/** A whole object as a manifest holds it. */
export interface Manifest extends ObjectReference {
  metadata: ObjectReference['metadata'] & {
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    generation?: number;
    resourceVersion?: string;
    managedFields?: { manager?: string; subresource?: string; time?: string }[];
  };
}

export interface Applied {
  /** What the object is now. */
  live: Manifest;
  outcome: 'created' | 'changed' | 'unchanged';
  /** Paths of what was otherwise before: `spec.replicas`. */
  fields: string[];
  /** Who else has written to the object, by field manager (`kubectl-edit`); the latest first. */
  others: string[];
}

/** Whose the fields are that we apply. */
const fieldManager = 'breakwater';
/** Tells people, and `prune`, what we applied. */
export const ownerLabel = { 'app.kubernetes.io/managed-by': 'breakwater' };

/** An object that is written all the time is compared with what it was a moment before. */
const mostAttempts = 3;

/** Objects must exist before others may refer to them. */
const order = ['Namespace', 'CustomResourceDefinition', 'Secret', 'ConfigMap', 'Service', 'EndpointSlice'];

/**
 * Brings one object to what its manifest says, by server-side apply: what others have set elsewhere in it stays, what they have set
 * otherwise becomes ours again. A dry run first says which fields that concerns. Throws ClusterError.
 */
export async function applyObject(cluster: Cluster, manifest: Manifest): Promise<Applied> {
  const { apiVersion, kind, metadata } = manifest;
  const apply = (dryRun: boolean) => sendObject(cluster, manifest, { dryRun });
  for (let attempt = 1; ; attempt += 1) {
    const live = await cluster.get<Manifest>(apiVersion, kind, metadata.name, metadata.namespace);
    if (!live) return { live: await apply(false), outcome: 'created', fields: [], others: [] };
    const preview = await apply(true);
    // Somebody wrote in between, an autoscaler perhaps: that is no change of ours.
    if (preview.metadata.resourceVersion !== live.metadata.resourceVersion && attempt < mostAttempts) continue;
    const fields = differences(live, preview);
    if (fields.length === 0) return { live, outcome: 'unchanged', fields, others: [] };
    return { live: await apply(false), outcome: 'changed', fields, others: otherManagers(live) };
  }
}

/** The one request by which an object is applied, or tried out. Throws ClusterError. */
export function sendObject(
  cluster: Pick<Cluster, 'apply'>,
  manifest: Manifest,
  how: Pick<ApplyOptions, 'dryRun' | 'signal'>,
): Promise<Manifest> {
  return cluster.apply(owned(manifest), { fieldManager, force: true, ...how });
}

/** What may be applied at the same time, one group after the other. */
export function stages<T extends ObjectReference>(manifests: T[]): T[][] {
  const rest = manifests.filter(({ kind }) => !order.includes(kind));
  return [...order.map((kind) => manifests.filter((manifest) => manifest.kind === kind)), rest];
}

function otherManagers({ metadata }: Manifest): string[] {
  const entries = (metadata.managedFields ?? []).filter(({ manager, subresource }) => {
    return manager && manager !== fieldManager && subresource === undefined;
  });
  const latestFirst = entries.sort((a, b) => (b.time ?? '').localeCompare(a.time ?? ''));
  return [...new Set(latestFirst.map(({ manager }) => manager!))];
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

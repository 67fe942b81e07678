import { ownerLabel, type Manifest } from './apply.ts';
import type { Cluster } from './cluster.ts';
import { ClusterError } from './errors.ts';
import { idOf, type ObjectReference } from './resources.ts';

const name = 'breakwater-inventory';
type ConfigMap = Manifest & { data?: { objects?: string } };

/**
 * Which objects this lab has applied, kept in the cluster: what is in it and not wanted any more is deleted, and nothing else ever.
 * It is written before what it lists, so that nothing is applied and then forgotten.
 */
export class Inventory {
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** Throws ClusterError. */
  async add(manifests: readonly ObjectReference[]): Promise<void> {
    const known = await this.#read();
    const all = new Set([...known, ...manifests.map(idOf)]);
    if (all.size > known.length) await this.#write([...all]);
  }

  /**
   * Deletes what it lists and is not wanted, if it still carries our label: what somebody else has made under the name is theirs.
   * Namespaces are left: others may have put something in them. Returns what was deleted, as `ConfigMap/old`.
   */
  async prune(wanted: readonly ObjectReference[]): Promise<string[]> {
    const keep = new Set(wanted.map(idOf));
    const same = new Set(wanted.map((object) => this.#identity(idOf(object))));
    const known = await this.#read();
    const deleted: string[] = [];
    for (const id of known.filter((known) => !keep.has(known))) {
      if (same.has(this.#identity(id))) continue;
      const [apiVersion, kind, namespace, object] = id.split('|') as [string, string, string, string];
      if (kind === 'Namespace') continue;
      const place = namespace || undefined;
      const live = await this.#cluster.get<Manifest>(apiVersion, kind, object, place).catch(goneWithItsKind);
      const [[label, value]] = Object.entries(ownerLabel) as [[string, string]];
      if (live?.metadata.labels?.[label] !== value) continue;
      await this.#cluster.delete(apiVersion, kind, object, { namespace: place, propagationPolicy: 'Background' });
      deleted.push(`${kind}/${object}`);
    }
    if (known.some((id) => !keep.has(id))) await this.#write([...keep]);
    return deleted;
  }

  /** What an object is, however it is written: in another version of its group, or with the namespace that it has anyway. */
  #identity(id: string): string {
    const [apiVersion, kind, namespace, object] = id.split('|') as [string, string, string, string];
    const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
    return [group, kind, namespace || this.#cluster.namespace, object].join('|');
  }

  async #read(): Promise<string[]> {
    const stored = await this.#cluster.get<ConfigMap>('v1', 'ConfigMap', name);
    return JSON.parse(stored?.data?.objects ?? '[]') as string[];
  }

  async #write(ids: string[]): Promise<void> {
    const metadata = { name, namespace: this.#cluster.namespace };
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { objects: JSON.stringify(ids.sort()) } };
    await this.#cluster.apply(object, { fieldManager: 'breakwater-inventory', force: true });
  }
}

/** It was never applied, or its CRD is gone and all objects with it: it must not keep the others from being deleted. */
function goneWithItsKind(error: unknown): null {
  if (error instanceof ClusterError && error.code === 'unknown-kind') return null;
  throw error;
}

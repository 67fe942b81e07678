import type { Applied, Manifest } from '../../cluster/client/apply.ts';
import type { Cluster } from '../../cluster/client/cluster.ts';
import { health, kindsWithHealth, type Reported } from '../../cluster/client/health.ts';
import { Inventory } from '../../cluster/client/inventory.ts';
import { rollout } from '../../cluster/client/rollout.ts';
import type { Watched } from '../../cluster/client/scoped-informer.ts';
import type { Drift } from '../contract/patterns.ts';
import { withGenerated } from './generated-secrets.ts';

const keptDrifts = 20;
type Live = Reported & Manifest;

/** Brings the objects of a cluster to manifests, whatever was there before, and tells how far they are. */
export class Reconciler {
  readonly #cluster: Cluster;
  readonly #now: () => number;
  readonly #onChange: () => void;
  readonly #inventory: Inventory;
  /** What each object was last brought to. */
  #applied = new Map<string, { text: string; manifest: Manifest; generation: number }>();
  /** Of each kind whose health is not in the read model. */
  readonly #watched = new Map<string, Watched<Live>>();
  #drifts: Drift[] = [];

  /** `onChange` is told when the health of something may be another one; for what is in the read model, the cluster tells. */
  constructor(cluster: Cluster, now: () => number, onChange: () => void) {
    this.#cluster = cluster;
    this.#now = now;
    this.#onChange = onChange;
    this.#inventory = new Inventory(cluster);
  }

  /**
   * Applies the manifests: all of them, or with `changedOnly` those that are not what was applied last. What somebody else has
   * changed in between is theirs no more, and listed among `drifts`. Throws ClusterError.
   */
  async apply(manifests: Manifest[], { changedOnly = false } = {}): Promise<void> {
    const whole = await withGenerated(this.#cluster, manifests);
    const texts = new Map(whole.map((manifest) => [manifest, JSON.stringify(manifest)]));
    const todo = whole.filter((manifest) => {
      return !changedOnly || this.#applied.get(idOf(manifest))?.text !== texts.get(manifest);
    });
    // What is in the inventory is in a namespace.
    const [namespaces, others] = [todo.filter(isNamespace), todo.filter((manifest) => !isNamespace(manifest))];
    const first = await this.#cluster.applyAll(namespaces);
    await this.#inventory.add(others);
    const outcomes = [...first, ...(await this.#cluster.applyAll(others))];
    for (const [index, manifest] of [...namespaces, ...others].entries()) {
      const text = texts.get(manifest)!;
      const applied = outcomes[index]!;
      if (this.#applied.get(idOf(manifest))?.text === text) this.#noteDrift(manifest, applied);
      this.#applied.set(idOf(manifest), { text, manifest, generation: applied.live.metadata.generation ?? 0 });
    }
    const wanted = new Set(whole.map(idOf));
    for (const id of this.#applied.keys()) if (!wanted.has(id)) this.#applied.delete(id);
    this.#watchKinds(whole);
  }

  /** Deletes what this lab has applied and is not among the manifests. Throws ClusterError. */
  async prune(manifests: Manifest[]): Promise<void> {
    await this.#inventory.prune(manifests.filter((manifest) => !isNamespace(manifest)));
  }

  /** What others had changed and was changed back; the latest first. */
  get drifts(): readonly Drift[] {
    return this.#drifts;
  }

  /** Everything that was applied is as it should be, and nothing older is left. */
  get settled(): boolean {
    return [...this.#applied.values()].every(({ manifest, generation }) => this.#isDone(manifest, generation));
  }

  /** Somebody else has changed a Deployment since it was applied. */
  get touched(): boolean {
    const { deployments } = this.#cluster.view;
    return [...this.#applied.values()].some(({ manifest: { kind, metadata }, generation }) => {
      if (kind !== 'Deployment') return false;
      return (deployments.get(metadata.name, metadata.namespace)?.metadata.generation ?? 0) > generation;
    });
  }

  close(): void {
    for (const watched of this.#watched.values()) watched.stop();
  }

  #isDone({ kind, metadata, apiVersion }: Manifest, generation: number): boolean {
    const { deployments, pods } = this.#cluster.view;
    const namespace = metadata.namespace ?? this.#cluster.namespace;
    if (kind === 'Deployment') {
      const live = deployments.get(metadata.name, namespace);
      return isSeen(live, generation) && rollout(live!, pods.list()).complete;
    }
    const watched = this.#watched.get(`${apiVersion} ${kind}`);
    if (!watched) return true;
    const live = watched.get(metadata.name, namespace);
    return isSeen(live, generation) && health({ ...live!, kind }).state === 'done';
  }

  #watchKinds(manifests: Manifest[]): void {
    for (const { apiVersion, kind } of manifests) {
      const key = `${apiVersion} ${kind}`;
      if (!kindsWithHealth.includes(kind) || this.#watched.has(key)) continue;
      const events = { changed: this.#onChange, connected: () => undefined };
      const clusterWide = kind === 'CustomResourceDefinition';
      this.#watched.set(key, this.#cluster.watch<Live>(apiVersion, kind, events, { clusterWide }));
    }
  }

  #noteDrift({ kind, metadata }: Manifest, { outcome, fields, others }: Applied): void {
    if (outcome === 'unchanged') return;
    const object = `${kind}/${metadata.name}`;
    const drift = { object, fields: outcome === 'created' ? ['(deleted)'] : fields, by: others[0] ?? null };
    this.#drifts = [{ ...drift, at: this.#now() }, ...this.#drifts].slice(0, keptDrifts);
  }
}

/** The watch has brought what was applied. Not every kind counts generations: a Service has none. */
function isSeen(live: { metadata: { generation?: number } } | null | undefined, generation: number): boolean {
  return live != null && (live.metadata.generation ?? 0) >= generation;
}

function isNamespace({ kind }: Manifest): boolean {
  return kind === 'Namespace';
}

function idOf({ apiVersion, kind, metadata }: Manifest): string {
  return [apiVersion, kind, metadata.namespace ?? '', metadata.name].join('|');
}

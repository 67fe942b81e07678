import { ownerLabel, type Applied, type Manifest } from '../../cluster/client/apply.ts';
import type { Cluster } from '../../cluster/client/cluster.ts';
import { health, kindsWithHealth, type Health, type Reported } from '../../cluster/client/health.ts';
import { Inventory } from '../../cluster/client/inventory.ts';
import { idOf } from '../../cluster/client/resources.ts';
import { rollout } from '../../cluster/client/rollout.ts';
import type { Watched } from '../../cluster/client/scoped-informer.ts';
import type { Drift, SyncedObject } from '../contract/patterns.ts';
import { AppliedObject } from './applied-object.ts';
import { withGenerated } from './generated-secrets.ts';

const keptDrifts = 20;
const done: Health = { state: 'done', reason: '' };
const ownerSelector = Object.entries(ownerLabel)
  .map(([label, value]) => `${label}=${value}`)
  .join();
type Live = Reported & Manifest;

/** Brings the objects of a cluster to manifests, whatever was there before, and tells how far they are. */
export class Reconciler {
  readonly #cluster: Cluster;
  readonly #now: () => number;
  readonly #onChange: () => void;
  readonly #inventory: Inventory;
  /** What each object was last brought to. */
  readonly #applied = new Map<string, AppliedObject>();
  /** Our objects of each kind that is not in the read model. */
  readonly #watched = new Map<string, Watched<Live>>();
  #drifts: Drift[] = [];
  #driftCount = 0;

  /** `onChange` is told when something is not what it was; for what is in the read model, the cluster tells. */
  constructor(cluster: Cluster, now: () => number, onChange: () => void) {
    this.#cluster = cluster;
    this.#now = now;
    this.#onChange = onChange;
    this.#inventory = new Inventory(cluster);
  }

  /**
   * Applies the manifests: all of them, or with `changedOnly` those that are not what was applied last, or that somebody else has
   * touched since. What they have changed is theirs no more, and listed among `drifts`. Throws ClusterError.
   */
  async apply(manifests: Manifest[], { changedOnly = false } = {}): Promise<void> {
    const whole = await withGenerated(this.#cluster, manifests, (one) => this.#applied.get(idOf(one))?.manifest);
    const texts = new Map(whole.map((manifest) => [manifest, JSON.stringify(manifest)]));
    const todo = whole.filter((manifest) => {
      const before = this.#applied.get(idOf(manifest));
      return !changedOnly || before?.text !== texts.get(manifest) || this.#isTouched(before!);
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
      this.#applied.set(idOf(manifest), new AppliedObject(manifest, text, applied));
    }
    const wanted = new Set(whole.map(idOf));
    for (const id of this.#applied.keys()) if (!wanted.has(id)) this.#applied.delete(id);
    this.#watchKinds();
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
    return [...this.#applied.values()].every((applied) => this.#health(applied).state === 'done');
  }

  /** Somebody else has changed something since it was applied. */
  get touched(): boolean {
    // Each is looked at: it may be the last time that a deleted object was there.
    return [...this.#applied.values()].filter((applied) => this.#isTouched(applied)).length > 0;
  }

  /** Every object as it was applied last, and how far it is. */
  objects(): SyncedObject[] {
    return [...this.#applied.values()].map((applied) => {
      const { kind, metadata } = applied.manifest;
      const live = this.#liveOf(applied.manifest);
      const drift = live === 'unwatched' ? [] : applied.drift(live);
      return {
        object: `${kind}/${metadata.name}`,
        namespace: applied.clusterWide ? null : (metadata.namespace ?? this.#cluster.namespace),
        sync: syncOf(applied, live, drift),
        drift,
        health: this.#health(applied),
      };
    });
  }

  close(): void {
    for (const watched of this.#watched.values()) watched.stop();
  }

  #isTouched(applied: AppliedObject): boolean {
    const live = this.#liveOf(applied.manifest);
    return live !== 'unwatched' && applied.isTouched(live);
  }

  /** Of what is not watched or has no state of its own, that it is there is all there is to say. */
  #health(applied: AppliedObject): Health {
    const { manifest } = applied;
    const isDeployment = manifest.kind === 'Deployment';
    if (!isDeployment && !kindsWithHealth.includes(manifest.kind)) return done;
    const live = this.#liveOf(manifest);
    if (live === 'unwatched') return done;
    if (!applied.isSeen(live)) return { state: 'under way', reason: live ? 'it is the one before' : 'it is not there' };
    if (!isDeployment) return health({ ...live!, kind: manifest.kind });
    const { complete, message } = rollout(live as Parameters<typeof rollout>[0], this.#cluster.view.pods.list());
    return complete ? done : { state: 'under way', reason: message };
  }

  #liveOf({ apiVersion, kind, metadata }: Manifest): Live | undefined | 'unwatched' {
    const namespace = metadata.namespace ?? this.#cluster.namespace;
    if (kind === 'Deployment') return this.#cluster.view.deployments.get(metadata.name, namespace) as Live | undefined;
    const watched = this.#watched.get(`${apiVersion} ${kind}`);
    return watched ? watched.get(metadata.name, namespace) : 'unwatched';
  }

  /** Those of what was applied, and no others. */
  #watchKinds(): void {
    const kinds = new Map<string, AppliedObject>();
    for (const applied of this.#applied.values()) {
      const { apiVersion, kind } = applied.manifest;
      if (kind !== 'Deployment') kinds.set(`${apiVersion} ${kind}`, applied);
    }
    const events = { changed: this.#onChange, connected: () => undefined };
    for (const [key, { manifest, clusterWide }] of kinds) {
      if (this.#watched.has(key)) continue;
      const options = { labelSelector: ownerSelector, clusterWide };
      this.#watched.set(key, this.#cluster.watch<Live>(manifest.apiVersion, manifest.kind, events, options));
    }
    for (const [key, watched] of this.#watched) {
      if (kinds.has(key)) continue;
      watched.stop();
      this.#watched.delete(key);
    }
  }

  #noteDrift({ kind, metadata }: Manifest, { outcome, fields, others }: Applied): void {
    if (outcome === 'unchanged') return;
    const object = `${kind}/${metadata.name}`;
    const what = { object, fields: outcome === 'created' ? ['(deleted)'] : fields, by: others[0] ?? null };
    const drift = { id: `drift-${(this.#driftCount += 1)}`, ...what, at: this.#now() };
    this.#drifts = [drift, ...this.#drifts].slice(0, keptDrifts);
  }
}

function syncOf(
  applied: AppliedObject,
  live: Live | undefined | 'unwatched',
  drift: SyncedObject['drift'],
): SyncedObject['sync'] {
  if (live === 'unwatched') return 'unwatched';
  if (applied.isMissing(live)) return 'missing';
  return drift.length > 0 ? 'out of sync' : 'synced';
}

function isNamespace({ kind }: Manifest): boolean {
  return kind === 'Namespace';
}

import type { Cluster } from '../../cluster/client/cluster.ts';
import { rollout } from '../../cluster/client/rollout.ts';
import type { Commit, Pattern, PatternChange } from '../contract/patterns.ts';
import type { Marks } from '../marks.ts';
import type { DesiredState } from './desired-state.ts';
import type { Selections } from './overlay.ts';
import { withGenerated } from './generated-secrets.ts';
import { patterns } from './patterns.ts';

interface Switch {
  at: number;
  patterns: string[];
}

export interface SwitchesOptions {
  cluster: Cluster;
  desired: DesiredState;
  marks: Marks;
  onProblem: (error: unknown) => void;
  now?: () => number;
  /** How often the repository is looked at for commits by others. */
  followMs?: number;
}

const retryMs = 1_000;
const defaultFollowMs = 1_000;

/** Brings the cluster to the desired state, by level: whenever it changes, and whenever the cluster comes back. */
export class Switches {
  readonly #options: Required<SwitchesOptions>;
  /** Generation that each Deployment has since it was last applied. */
  readonly #generations = new Map<string, number>();
  readonly #lastSwitchMs = new Map<string, number>();
  #rolling: Switch[] = [];
  #applying: Promise<void> = Promise.resolve();
  #retry: NodeJS.Timeout | undefined;
  readonly #follower: NodeJS.Timeout;
  #settled = false;
  #refused: string | null = null;
  #closed = false;

  constructor(options: SwitchesOptions) {
    this.#options = { now: Date.now, followMs: defaultFollowMs, ...options };
    options.cluster.on('change', () => this.#watchRollouts());
    this.#follower = setInterval(() => void this.#follow(), this.#options.followMs);
  }

  list(): Pattern[] {
    const { selections } = this.#options.desired;
    return patterns.map(({ options, ...pattern }) => ({
      ...pattern,
      options: options.map(({ id, label, summary }) => ({ id, label, summary })),
      selected: selections[pattern.id] ?? options[0]!.id,
      rolling: this.#rolling.some((change) => change.patterns.includes(pattern.id)),
      lastSwitchMs: this.#lastSwitchMs.get(pattern.id) ?? null,
    }));
  }

  changes(): readonly PatternChange[] {
    return this.#options.desired.changes;
  }

  /** Why the cluster does not have what the repository says; null when it has. */
  problem(): string | null {
    return this.#options.desired.problem ?? this.#refused;
  }

  manifests(): string {
    return this.#options.desired.rendered.yaml;
  }

  preview(pattern: string, option: string): Promise<string> {
    return this.#options.desired.preview(pattern, option);
  }

  /** Once committed a switch is kept, whatever becomes of the cluster: `pending` then says why it does not have it yet. */
  async select(pattern: string, option: string): Promise<PatternChange> {
    const at = this.#options.now();
    const change = await this.#options.desired.select(pattern, option);
    return { ...change, ...(await this.#rollOut(at, [change])) };
  }

  /** Patterns not named go to their first option. */
  async selectAll(selections: Selections, reason: string): Promise<PatternChange[]> {
    const at = this.#options.now();
    const changes = await this.#options.desired.selectAll(selections, reason);
    const outcome = await this.#rollOut(at, changes);
    return changes.map((change) => ({ ...change, ...outcome }));
  }

  commits(): readonly Commit[] {
    return this.#options.desired.history;
  }

  /** As a switch: once committed it is kept, whatever becomes of the cluster. */
  async revert(commit: string): Promise<Commit> {
    const reverted = await this.#options.desired.revert(commit);
    this.follow();
    return reverted;
  }

  /** Brings the cluster to a state that has been read already; `problem` says what hinders it. */
  follow(): void {
    this.#settled = false;
    void this.reconcile().catch(() => undefined); // it has told of it
  }

  /** Every Deployment runs as it should, and nothing older is left. */
  get settled(): boolean {
    return this.#settled && this.#rolledOut();
  }

  /** Applies the desired state, after any application under way. A failure is tried again until it works. */
  reconcile(): Promise<void> {
    const next = this.#applying.then(() => this.#apply());
    this.#applying = next.catch((error: unknown) => {
      if (this.#closed) return;
      this.#refused = error instanceof Error ? error.message : String(error);
      this.#options.onProblem(error);
      this.#retry ??= setTimeout(() => {
        this.#retry = undefined;
        void this.reconcile().catch(() => undefined); // reported above
      }, retryMs);
    });
    return next;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    clearInterval(this.#follower);
  }

  /** Brings the cluster to a commit that somebody else has made. */
  async #follow(): Promise<void> {
    try {
      if (await this.#options.desired.follow()) await this.reconcile().catch(() => undefined); // it has told of it
    } catch (error) {
      if (!this.#closed) this.#options.onProblem(error);
    }
  }

  async #rollOut(at: number, all: PatternChange[]): Promise<Pick<PatternChange, 'pending'>> {
    const changes = all.filter(({ from, to }) => from !== to);
    if (changes.length === 0) return {};
    const names = changes.map(({ pattern }) => pattern);
    this.#rolling = this.#rolling
      .map((earlier) => ({ ...earlier, patterns: earlier.patterns.filter((pattern) => !names.includes(pattern)) }))
      .concat({ at, patterns: names });
    this.#settled = false;
    for (const { pattern, to } of changes) this.#options.marks.add('pattern', labelOf(pattern, to), at);
    return this.reconcile().then(
      () => ({}),
      (error: unknown) => ({ pending: error instanceof Error ? error.message : String(error) }),
    );
  }

  async #apply(): Promise<void> {
    const { cluster, desired } = this.#options;
    const { manifests } = desired.rendered;
    const result = await cluster.applyAll(await withGenerated(cluster, manifests));
    this.#refused = null;
    for (const [name, generation] of Object.entries(result.generations)) this.#generations.set(name, generation);
    for (const name of this.#generations.keys()) if (!(name in result.generations)) this.#generations.delete(name);
    this.#settled = manifests === desired.rendered.manifests;
    this.#watchRollouts();
  }

  #watchRollouts(): void {
    if (!this.#settled || this.#rolling.length === 0 || !this.#rolledOut()) return;
    const now = this.#options.now();
    for (const { at, patterns } of this.#rolling) for (const id of patterns) this.#lastSwitchMs.set(id, now - at);
    this.#rolling = [];
    // Only now: a pod of the revision before could have needed its ConfigMap once more.
    const { cluster, desired, onProblem } = this.#options;
    cluster.prune(desired.rendered.manifests).catch(onProblem);
  }

  #rolledOut(): boolean {
    const { deployments, pods } = this.#options.cluster.view;
    const all = pods.list();
    return [...this.#generations].every(([name, generation]) => {
      const deployment = deployments.get(name);
      return (
        deployment !== undefined &&
        (deployment.metadata.generation ?? 0) >= generation &&
        rollout(deployment, all).complete
      );
    });
  }
}

function labelOf(pattern: string, option: string): string {
  const definition = patterns.find(({ id }) => id === pattern);
  return `${definition?.title ?? pattern}: ${definition?.options.find(({ id }) => id === option)?.label ?? option}`;
}

import type { Manifest } from '../../cluster/client/apply.ts';
import type { Cluster } from '../../cluster/client/cluster.ts';
import type { Commit, Drift, Pattern, PatternChange, PolicyCheck, Sync } from '../contract/patterns.ts';
import { CodedError } from '../errors.ts';
import type { Marks } from '../marks.ts';
import type { DesiredState } from './desired-state.ts';
import type { Selections } from './overlay.ts';
import { definitionOf, labelOf, unmet, whyUnavailable } from './options.ts';
import { patterns } from './patterns.ts';
import { deliveryOf, violationsOf } from './policies/check-policies.ts';
import { policies } from './policies/index.ts';
import { Reconciler } from './reconciler.ts';

interface Switch {
  at: number;
  patterns: string[];
}

export interface SwitchesOptions {
  cluster: Cluster;
  desired: DesiredState;
  marks: Marks;
  onProblem: (error: unknown) => void;
  /** There is a commit that was made elsewhere than here. */
  onOutside?: () => void;
  now?: () => number;
  /** How often the repository is looked at for commits by others. */
  followMs?: number;
  /** How often every object is compared with what it should be. */
  checkMs?: number;
}

const retryMs = 1_000;
const pauseMs = 100;
const defaultFollowMs = 1_000;
const defaultCheckMs = 30_000;

/** Brings the cluster to the desired state, by level: whenever it changes, and whenever the cluster comes back. */
export class Switches {
  readonly #options: Required<SwitchesOptions>;
  readonly #reconciler: Reconciler;
  readonly #lastSwitchMs = new Map<string, number>();
  #rolling: Switch[] = [];
  #applying: Promise<void> = Promise.resolve();
  #retry: NodeJS.Timeout | undefined;
  readonly #follower: NodeJS.Timeout;
  readonly #checker: NodeJS.Timeout;
  #checking = false;
  #pause: NodeJS.Timeout | undefined;
  #settled = false;
  #refused: string | null = null;
  #pruned: Manifest[] | null = null;
  #closed = false;

  constructor(options: SwitchesOptions) {
    const usual = { now: Date.now, followMs: defaultFollowMs, checkMs: defaultCheckMs, onOutside: () => undefined };
    this.#options = { ...usual, ...options };
    this.#reconciler = new Reconciler(options.cluster, this.#options.now, () => this.#changed());
    options.cluster.on('change', () => this.#changed());
    this.#follower = setInterval(() => void this.#follow(), this.#options.followMs);
    this.#checker = setInterval(() => this.#selfHeals && this.#check(), this.#options.checkMs);
  }

  list(): Pattern[] {
    const { selections } = this.#options.desired;
    return patterns.map(({ options, number, needs, ...pattern }) => ({
      ...pattern,
      idleWithout: unmet({ ...needs, ...options.find(({ id }) => id === selections[pattern.id])?.needs }, selections),
      options: options.map(({ component: _component, needs: _needs, images, ...option }) => {
        const unavailable = this.#whyUnavailable(images);
        return { ...option, ...(unavailable !== null && { unavailable }) };
      }),
      number: number && (({ component: _component, ...bounds }) => bounds)(number),
      selected: selections[pattern.id] ?? pattern.default,
      rolling: this.#rolling.some((change) => change.patterns.includes(pattern.id)),
      lastSwitchMs: this.#lastSwitchMs.get(pattern.id) ?? null,
    }));
  }

  changes(): readonly PatternChange[] {
    return this.#options.desired.changes;
  }

  /** What others had changed in the cluster, and was changed back; the latest first. */
  drifts(): readonly Drift[] {
    return this.#reconciler.drifts;
  }

  /** Why the cluster does not have what the repository says; null when it has. */
  problem(): string | null {
    return this.#options.desired.problem ?? this.#refused;
  }

  /** Every policy, whether commits are held to them, and what the state that is held does not hold to. */
  policyCheck(): PolicyCheck {
    const { manifests } = this.#options.desired.rendered;
    const found = violationsOf(manifests);
    return {
      enforced: deliveryOf(manifests).enforcesPolicies,
      policies: policies.map(({ id, title, why }) => ({
        ...{ id, title, why },
        violations: found.flatMap(({ policy, object, message }) => (policy === id ? [{ object, message }] : [])),
      })),
    };
  }

  /** What state is held, and every object of it with how far it is. */
  sync(): Sync {
    return {
      revision: this.#options.desired.revision,
      applied: this.#settled,
      selfHeals: this.#selfHeals,
      namespace: this.#options.cluster.namespace,
      objects: this.#reconciler.objects(),
    };
  }

  manifests(): string {
    return this.#options.desired.rendered.yaml;
  }

  preview(pattern: string, option: string): Promise<string> {
    return this.#options.desired.preview(pattern, option);
  }

  /** Once committed a switch is kept, whatever becomes of the cluster: `pending` then says why it does not have it yet. */
  async select(pattern: string, option: string): Promise<PatternChange> {
    this.#refuseUnavailable({ [pattern]: option });
    const at = this.#options.now();
    const change = await this.#options.desired.select(pattern, option);
    return { ...change, ...(await this.#rollOut(at, [change])) };
  }

  /** Patterns not named go to their default. */
  async selectAll(selections: Selections, reason: string): Promise<PatternChange[]> {
    this.#refuseUnavailable(selections);
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
    void this.reconcile({ changedOnly: true }).catch(() => undefined); // it has told of it
  }

  /** Every object is as it should be, and nothing older is left. */
  get settled(): boolean {
    return this.#settled && this.#reconciler.settled;
  }

  /**
   * Applies the desired state, after any application under way: every object, or those alone that are to be another one than was
   * applied last. A failure is tried again until it works.
   */
  reconcile(how: { changedOnly?: boolean } = {}): Promise<void> {
    const next = this.#applying.then(() => this.#apply(how));
    this.#applying = next.catch((error: unknown) => {
      if (this.#closed) return;
      this.#refused = this.#reasonOf(error);
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
    clearTimeout(this.#pause);
    clearInterval(this.#follower);
    clearInterval(this.#checker);
    this.#reconciler.close();
  }

  get #selfHeals(): boolean {
    return deliveryOf(this.#options.desired.rendered.manifests).selfHeals;
  }

  #whyUnavailable(images: string[]): string | null {
    return whyUnavailable(images, this.#options.cluster.view.nodes.list());
  }

  /** Throws CodedError `option-unavailable`. */
  #refuseUnavailable(selections: Selections): void {
    for (const { title, options, id } of patterns) {
      const chosen = options.find((option) => option.id === selections[id]);
      const why = chosen && this.#whyUnavailable(chosen.images);
      if (why) throw new CodedError('option-unavailable', `${title}: ${chosen.label} cannot be had here. ${why}`);
    }
  }

  /** Brings the cluster to a commit that somebody else has made. */
  async #follow(): Promise<void> {
    try {
      if (!(await this.#options.desired.follow())) return;
      this.follow();
      this.#options.onOutside();
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
    for (const { pattern, to } of changes) {
      const definition = definitionOf(pattern);
      this.#options.marks.add('pattern', `${definition.title}: ${labelOf(definition, to)}`, at);
    }
    return this.reconcile({ changedOnly: true }).then(
      () => ({}),
      (error: unknown) => ({ pending: error instanceof Error ? error.message : String(error) }),
    );
  }

  /** Something in the cluster is not what it was. */
  #changed(): void {
    this.#watchRollouts();
    if (this.#reconciler.touched && this.#settled && this.#selfHeals) this.#check({ changedOnly: true });
  }

  /** Looks for what others have changed; a retry that is due does so as well. */
  #check(how: { changedOnly?: boolean } = {}): void {
    if (this.#checking || this.#retry || !this.#options.cluster.view.connected) return;
    this.#checking = true;
    void this.reconcile(how)
      .catch(() => undefined) // it has told of it
      .finally(() => {
        if (this.#closed) return;
        // Whoever changes it back each time is not to keep the cluster busy.
        this.#pause = setTimeout(() => {
          this.#checking = false;
          this.#changed();
        }, pauseMs);
      });
  }

  async #apply(how: { changedOnly?: boolean }): Promise<void> {
    if (this.#closed) return;
    const { desired } = this.#options;
    const { manifests } = desired.rendered;
    await this.#reconciler.apply(manifests, how);
    this.#refused = null;
    this.#settled = manifests === desired.rendered.manifests;
    this.#changed(); // the watch may have been quicker than the answers
  }

  /** With the commit that may be to blame, where the cluster has answered and said no. */
  #reasonOf(error: unknown): string {
    const message = error instanceof Error ? error.message : String(error);
    const [latest] = this.#options.desired.history;
    const { status } = error as { status?: number | null };
    if (!status || status >= 500 || !latest) return message;
    const commit = `${latest.id.slice(0, 7)} “${latest.title}” by ${latest.author}`;
    return `${message.replace(/\.$/, '')}. The latest commit is ${commit}: revert it under History, or push another.`;
  }

  #watchRollouts(): void {
    if (!this.#settled || !this.#reconciler.settled) return;
    const now = this.#options.now();
    for (const { at, patterns } of this.#rolling) for (const id of patterns) this.#lastSwitchMs.set(id, now - at);
    this.#rolling = [];
    this.#prune(this.#options.desired.rendered.manifests);
  }

  /** Only when all is rolled out: a pod of the revision before could have needed its ConfigMap once more. */
  #prune(manifests: Manifest[]): void {
    if (this.#pruned === manifests) return;
    this.#pruned = manifests;
    this.#applying = this.#applying
      .then(() => (this.#settled ? this.#reconciler.prune(manifests) : undefined))
      .catch((error: unknown) => {
        this.#pruned = null;
        if (!this.#closed) this.#options.onProblem(error);
      });
  }
}

import type { Manifest } from '../../cluster/client/apply.ts';
import type { Commit, PatternChange } from '../contract/patterns.ts';
import { CodedError } from '../errors.ts';
import type { StateFile } from '../state-file.ts';
import { Candidate, shown, type CandidateOptions, type Rendered } from './candidate.ts';
import { refusals, toldOf, type DryRun } from './dry-run.ts';
import { manifestDiff } from './manifest-diff.ts';
import { mergedOverlay, parseOverlay, type Overlay, type Selections } from './overlay.ts';
import { onTop } from './move-branch.ts';
import { definitionOf, labelOf, optionOf } from './options.ts';
import { patterns } from './patterns.ts';
import { refusalOf } from './policies/check-policies.ts';
import { Previews } from './previews.ts';
import { Repository } from './repository.ts';
import { withoutCommit } from './revert.ts';
import { SerialQueue } from './serial-queue.ts';
import type { Tree } from './tree.ts';

export interface DesiredStateOptions extends CandidateOptions {
  /** Folder of the manifests this version ships. */
  shipped: string;
  /** Where the manifests that rendered last are kept over a restart; nowhere without. */
  lastGood?: StateFile<Manifest[]>;
  /** Has the cluster try out what a change makes of the objects, before it is committed; nothing is tried out without. */
  dryRun?: (change: { before: readonly Manifest[]; after: readonly Manifest[] }) => Promise<DryRun>;
  now?: () => number;
}

const queueLimit = 16;
const keptChanges = 50;

interface State {
  commit: string;
  files: Tree;
  overlay: Overlay;
}

/** What the system should be like: the branch `main` of a git repository of Kustomize overlays, and one commit for each change to it. */
export class DesiredState {
  readonly #repository: Repository;
  readonly #options: DesiredStateOptions;
  readonly #candidate: Candidate;
  /** The one file that a switch edits. */
  readonly #file: string;
  readonly #queue = new SerialQueue(queueLimit);
  #selections: Selections = {};
  #rendered: Rendered = { manifests: [], yaml: '' };
  #problem: string | null = null;
  #revision: Commit | null = null;
  /** The commit that was last looked at. */
  #head = '';
  #history: readonly Commit[] = [];
  #changes: PatternChange[] = [];
  readonly #previews = new Previews();

  constructor(options: DesiredStateOptions) {
    this.#options = options;
    this.#repository = new Repository(options.dir, (path, texts) => this.#mergedEdit(path, texts));
    this.#candidate = new Candidate(options);
    this.#file = `overlays/${options.overlay}/kustomization.yaml`;
  }

  /** A state that does not render is told by `problem`; the one that rendered last is held instead, where there is one. */
  async open(): Promise<void> {
    await this.#candidate.clear();
    await this.#repository.open(this.#options.shipped, (path, ours, theirs) =>
      path === this.#file ? parseOverlay(theirs, path).with(parseOverlay(ours, path).selections) : null,
    );
    this.#head = await this.#repository.head();
    this.#history = await this.#repository.history(keptChanges);
    try {
      await this.#read();
    } catch (error) {
      const manifests = this.#options.lastGood?.read() ?? null;
      if (!(error instanceof CodedError) || !manifests) throw error;
      this.#problem = error.message;
      this.#rendered = shown(manifests);
    }
  }

  /**
   * Reads the state anew where somebody else has committed since. True when it is another one now. One that does not render is
   * told by `problem`, and the one before is held.
   */
  follow(): Promise<boolean> {
    return this.#queue.follow(async () => {
      const head = await this.#repository.head();
      if (head === this.#head) return false;
      return this.#moved(head);
    });
  }

  /** Takes commits in from elsewhere while nothing else is changed; the working tree follows. */
  receive<T>(push: () => Promise<T>): Promise<{ changed: boolean; outcome: T }> {
    return this.#queue.run(async () => {
      const before = await this.#repository.head();
      const outcome = await push();
      const head = await this.#repository.head();
      if (head === before) return { changed: false, outcome };
      await this.#repository.follow(before, head);
      return { changed: await this.#moved(head), outcome };
    });
  }

  async #moved(head: string): Promise<boolean> {
    this.#head = head;
    this.#previews.clear();
    this.#history = await this.#repository.history(keptChanges);
    try {
      await this.#read();
      return true;
    } catch (error) {
      if (!(error instanceof CodedError)) {
        this.#head = ''; // not the commit's fault, as a full disk is: it is read again
        throw error;
      }
      this.#problem = error.message;
      return false;
    }
  }

  async #read(): Promise<void> {
    const { overlay, files } = await this.#state(this.#head);
    const rendered = await this.#candidate.render(files);
    this.#checkPolicies(rendered);
    this.#selections = overlay.selections;
    this.#rendered = rendered;
    this.#revision = this.#history[0] ?? null;
    this.#problem = null;
    this.#options.lastGood?.write(rendered.manifests);
  }

  /** Why the state that is held is not what the repository says; null when it is. */
  get problem(): string | null {
    return this.#problem;
  }

  /** The commit whose state is held; null where that is the last good one of before a restart. */
  get revision(): Commit | null {
    return this.#revision;
  }

  get selections(): Readonly<Selections> {
    return this.#selections;
  }

  get rendered(): Rendered {
    return this.#rendered;
  }

  /** Of the pattern switches since the process started; the latest first. */
  get changes(): readonly PatternChange[] {
    return this.#changes;
  }

  /** The latest commits, whoever made them; the latest first. */
  get history(): readonly Commit[] {
    return this.#history;
  }

  /** Makes the switch, as one commit. Choosing what is chosen already changes nothing and gives an empty diff. */
  async select(pattern: string, asked: string): Promise<PatternChange> {
    const definition = definitionOf(pattern);
    const option = optionOf(definition, asked);
    const { title, place } = definition;
    const changes = await this.#change(
      () => ({ [pattern]: option }),
      `Switch ${title.toLowerCase()} to ${labelOf(definition, option)} on ${place}`,
    );
    const first = changes[0];
    if (!first) throw new Error(`the switch of ${pattern} gave no change`);
    return first;
  }

  /** Brings every pattern to the options named, the others to their default, as one commit. */
  async selectAll(selections: Selections, reason: string): Promise<PatternChange[]> {
    const asked = Object.entries(selections).map(([id, option]) => [id, optionOf(definitionOf(id), option)]);
    const whole = {
      ...Object.fromEntries(patterns.map((pattern) => [pattern.id, pattern.default])),
      ...Object.fromEntries(asked),
    };
    return this.#change((current) => difference(current, whole), reason);
  }

  /**
   * Takes back what a commit has changed, by a commit of its own, and answers with that. Throws CodedError `unknown-commit`,
   * `revert-conflict` or `desired-state-broken`, with everything left as it was.
   */
  revert(id: string): Promise<Commit> {
    let title = '';
    const made = this.commit(
      async (repository) => {
        const commit = this.#history.find((known) => known.id === id);
        if (!commit)
          throw new CodedError('unknown-commit', `There is no commit ${id} among the latest ${keptChanges}.`);
        title = commit.title;
        return withoutCommit(repository, commit, this.#file);
      },
      () => `Revert "${title}"\n\nThis reverts commit ${id}.`,
    );
    return made.then((commit) => {
      if (commit) return commit;
      const action = 'There is nothing to do: later commits have changed it all.';
      throw new CodedError('revert-conflict', 'Nothing is left of what that commit has changed.', { action });
    });
  }

  /**
   * Commits files that are made of the present ones, checked as a switch is; null where they are the same. Throws CodedError
   * `policy-violated`, `dry-run-refused`, `desired-state-broken` or what `make` does, with everything left as it was.
   */
  commit(
    make: (repository: Repository, files: Tree, rendered: readonly Manifest[]) => Promise<Tree>,
    message: () => string,
    author?: { name: string; email: string },
  ): Promise<Commit | null> {
    return this.#made(async () => {
      const head = await this.#repository.head();
      const present = await this.#repository.files(head);
      const files = await make(this.#repository, present, this.#rendered.manifests);
      if (files === present) return null;
      const rendered = await this.#candidate.render(files);
      this.#checkPolicies(rendered);
      const untried = await this.#askCluster(rendered, { before: present, after: files });
      const made = await this.#repository.commit(head, files, message(), author);
      if (made === head) return null;
      if (await this.#moved(made)) return { ...this.#history[0]!, ...untried };
      throw new CodedError('desired-state-broken', this.#problem ?? 'The state that was committed does not render.');
    });
  }

  /** Reads the present commit, beside whatever is under way. */
  async look<T>(read: (repository: Repository, files: Tree) => Promise<T>): Promise<T> {
    return read(this.#repository, await this.#repository.files(await this.#repository.head()));
  }

  /** The latest commits with their whole messages. */
  log(depth: number): ReturnType<Repository['log']> {
    return this.#repository.log(depth);
  }

  /** The diff that a switch would give, without making it. Never refused for switches. */
  async preview(pattern: string, asked: string): Promise<string> {
    const option = optionOf(definitionOf(pattern), asked);
    return this.#previews.read(`${pattern}=${option}`, () => {
      // In its turn, but it takes no place of a switch.
      return this.#queue.follow(async () => {
        const state = await this.#state(this.#head);
        if (state.overlay.selections[pattern] === option) return '';
        const files = await this.#switched(state, { ...state.overlay.selections, [pattern]: option });
        return manifestDiff(this.#rendered.yaml, (await this.#candidate.render(files)).yaml);
      });
    });
  }

  /** A commit of ours, in its turn. */
  #made<T>(task: () => Promise<T>): Promise<T> {
    return this.#queue.run(async () => {
      this.#repository.refuseOnFullDisk();
      return onTop(task);
    });
  }

  /** Refused as a whole, leaving everything as it was, or made as a whole. */
  #change(wish: (current: Selections) => Selections, message: string): Promise<PatternChange[]> {
    return this.#made(async () => {
      const state = await this.#state(await this.#repository.head());
      const from = state.overlay.selections;
      const at = (this.#options.now ?? Date.now)();
      let to = from;
      // Commits by others since the last switch are no part of this one's diff.
      let rendered = await this.#candidate.render(state.files).catch(() => this.#rendered); // a switch may be what mends it
      const steps: Omit<PatternChange, 'commit'>[] = [];
      await this.#candidate.with(state.files, this.#file, async (renderWith) => {
        // Step by step, so that each pattern has the diff that is its own doing.
        for (const [pattern, option] of Object.entries(wish(from))) {
          to = { ...to, [pattern]: option };
          const next = await renderWith(state.overlay.with(to));
          const diff = manifestDiff(rendered.yaml, next.yaml);
          steps.push({ pattern, from: from[pattern]!, to: option, diff, at });
          rendered = next;
        }
      });
      if (steps.length === 0) return [];
      this.#checkPolicies(rendered);
      const files = await this.#switched(state, to);
      const untried = await this.#askCluster(rendered, { before: state.files, after: files });
      await this.#candidate.know(files, rendered);
      const commit = await this.#repository.commit(state.commit, files, message);
      await this.#moved(commit);
      const changes = steps.map((step) => ({ ...step, commit }));
      const made = changes.filter((change) => change.from !== change.to);
      this.#changes = [...made, ...this.#changes].slice(0, keptChanges);
      return changes.map((change) => ({ ...change, ...untried }));
    });
  }

  /** An edit of the overlay by hand that is not committed keeps its words, and takes the switch in. */
  #mergedEdit(path: string, texts: Parameters<typeof mergedOverlay>[1]): string | null {
    if (path !== this.#file) return null;
    try {
      return mergedOverlay(path, texts);
    } catch (error) {
      if (error instanceof CodedError) return null; // half-written: it is the editor's
      throw error;
    }
  }

  /** By the state that is held, or was before a restart. Throws CodedError `policy-violated`. */
  #checkPolicies({ manifests }: Rendered): void {
    const held = this.#rendered.yaml === '' ? (this.#options.lastGood?.read() ?? []) : this.#rendered.manifests;
    const refusal = refusalOf(held, manifests);
    if (refusal) throw new CodedError('policy-violated', `The change is refused: ${refusal}.`);
  }

  /** What the cluster says to manifests that are to follow those that are held. */
  async dryRun(after: readonly Manifest[]): Promise<DryRun> {
    const nothing = { refused: [], untried: [] };
    return (await this.#options.dryRun?.({ before: this.#rendered.manifests, after })) ?? nothing;
  }

  /** Answers with what it could not say. Throws CodedError `dry-run-refused`. */
  async #askCluster({ manifests }: Rendered, files: Record<'before' | 'after', Tree>): Promise<{ untried?: string }> {
    const outcome = await this.dryRun(manifests);
    if (outcome.refused.length > 0) {
      const lines = refusals(outcome, await this.#changedFiles(files)).join('; ');
      throw new CodedError('dry-run-refused', `The cluster would refuse the change: ${lines}.`);
    }
    const untried = toldOf(outcome);
    return untried === undefined ? {} : { untried };
  }

  async #changedFiles({ before, after }: Record<'before' | 'after', Tree>): Promise<Map<string, string>> {
    const changed = [...after.keys()].filter((path) => after.get(path)!.oid !== before.get(path)?.oid);
    const texts = changed.map(async (path) => [path, (await this.#repository.read(path, after)) ?? ''] as const);
    return new Map(await Promise.all(texts));
  }

  #switched({ overlay, files }: State, selections: Selections): Promise<Tree> {
    return this.#repository.edited(files, new Map([[this.#file, overlay.with(selections)]]));
  }

  async #state(commit: string): Promise<State> {
    const files = await this.#repository.files(commit);
    return { commit, files, overlay: parseOverlay(await this.#repository.read(this.#file, files), this.#file) };
  }
}

function difference(current: Selections, wanted: Selections): Selections {
  return Object.fromEntries(Object.entries(wanted).filter(([pattern, option]) => current[pattern] !== option));
}

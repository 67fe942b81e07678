import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Manifest } from '../../cluster/client/apply.ts';
import type { Commit, PatternChange } from '../contract/patterns.ts';
import { CodedError } from '../errors.ts';
import type { StateFile } from '../state-file.ts';
import { masked } from './mask-secrets.ts';
import { manifestDiff } from './manifest-diff.ts';
import { mergedOverlay, parseOverlay, type Overlay, type Selections } from './overlay.ts';
import { onTop } from './move-branch.ts';
import { definitionOf, labelOf, optionOf } from './options.ts';
import { patterns } from './patterns.ts';
import { Previews } from './previews.ts';
import { Repository } from './repository.ts';
import { withoutCommit } from './revert.ts';
import { SerialQueue } from './serial-queue.ts';
import { writeOut, type Tree } from './tree.ts';

export interface DesiredStateOptions {
  /** Folder of the repository. */
  dir: string;
  /** Folder of the manifests this version ships. */
  shipped: string;
  /** Name of the overlay: `embedded`. */
  overlay: string;
  /** Renders a kustomization folder, of which nothing is read outside of `root`. */
  render: (dir: string, root: string) => Promise<Manifest[]>;
  /** Where the manifests that rendered last are kept over a restart; nowhere without. */
  lastGood?: StateFile<Manifest[]>;
  now?: () => number;
}

export interface Rendered {
  manifests: Manifest[];
  /** What is shown of them: Secrets are masked. */
  yaml: string;
}

/** No anchors and no folded lines: what a reader of a diff expects. */
const plain = { aliasDuplicateObjects: false, lineWidth: 0 };
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
  /** The present commit, written out; and one that is tried out. */
  readonly #checkout: string;
  readonly #candidate: string;
  /** The one file that a switch edits. */
  readonly #file: string;
  readonly #queue = new SerialQueue(queueLimit);
  #selections: Selections = {};
  #rendered: Rendered = { manifests: [], yaml: '' };
  #problem: string | null = null;
  /** The commit that was last looked at, and the one that is written out. */
  #head = '';
  #written = '';
  #history: readonly Commit[] = [];
  #changes: PatternChange[] = [];
  readonly #previews = new Previews();

  constructor(options: DesiredStateOptions) {
    this.#options = options;
    this.#repository = new Repository(options.dir, (path, texts) => this.#mergedEdit(path, texts));
    this.#checkout = `${options.dir}.head`;
    this.#candidate = `${options.dir}.candidate`;
    this.#file = `overlays/${options.overlay}/kustomization.yaml`;
  }

  /** A state that does not render is told by `problem`; the one that rendered last is held instead, where there is one. */
  async open(): Promise<void> {
    await rm(this.#candidate, { recursive: true, force: true }); // of a process that was killed
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
    const { overlay } = await this.#state(this.#head);
    const rendered = await this.#render(this.#checkout);
    this.#selections = overlay.selections;
    this.#rendered = rendered;
    this.#problem = null;
    this.#options.lastGood?.write(rendered.manifests);
  }

  /** Why the state that is held is not what the repository says; null when it is. */
  get problem(): string | null {
    return this.#problem;
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
    return this.#made(async () => {
      const commit = this.#history.find((known) => known.id === id);
      if (!commit) throw new CodedError('unknown-commit', `There is no commit ${id} among the latest ${keptChanges}.`);
      const head = await this.#repository.head();
      const files = await withoutCommit(this.#repository, commit, this.#file);
      await this.#tryOut(files);
      const message = `Revert "${commit.title}"\n\nThis reverts commit ${commit.id}.`;
      const made = await this.#repository.commit(head, files, message);
      if (made === head) {
        const action = 'There is nothing to do: later commits have changed it all.';
        throw new CodedError('revert-conflict', 'Nothing is left of what that commit has changed.', { action });
      }
      if (await this.#moved(made)) return this.#history[0]!;
      throw new CodedError('desired-state-broken', this.#problem ?? 'The state that was reverted to does not render.');
    });
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
        return manifestDiff(this.#rendered.yaml, (await this.#tryOut(files)).yaml);
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
      let { files } = state;
      // Commits by others since the last switch are no part of this one's diff.
      let rendered = await this.#render(this.#checkout).catch(() => this.#rendered); // a switch may be what mends it
      const steps: Omit<PatternChange, 'commit'>[] = [];
      // Step by step, so that each pattern has the diff that is its own doing.
      for (const [pattern, option] of Object.entries(wish(from))) {
        to = { ...to, [pattern]: option };
        files = await this.#switched(state, to);
        const next = await this.#tryOut(files);
        const diff = manifestDiff(rendered.yaml, next.yaml);
        steps.push({ pattern, from: from[pattern]!, to: option, diff, at });
        rendered = next;
      }
      if (steps.length === 0) return [];
      const commit = await this.#repository.commit(state.commit, files, message);
      await this.#moved(commit);
      const changes = steps.map((step) => ({ ...step, commit }));
      const made = changes.filter((change) => change.from !== change.to);
      this.#changes = [...made, ...this.#changes].slice(0, keptChanges);
      return changes;
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

  #switched({ overlay, files }: State, selections: Selections): Promise<Tree> {
    return this.#repository.edited(files, new Map([[this.#file, overlay.with(selections)]]));
  }

  /** What a commit says; it is written out then. */
  async #state(commit: string): Promise<State> {
    const files = await this.#repository.files(commit);
    if (this.#written !== commit) {
      this.#written = '';
      await this.#writeOut(files, this.#checkout);
      this.#written = commit;
    }
    return { commit, files, overlay: parseOverlay(await this.#repository.read(this.#file, files), this.#file) };
  }

  async #writeOut(files: Tree, to: string): Promise<void> {
    await rm(to, { recursive: true, force: true });
    await mkdir(to, { recursive: true, mode: 0o700 });
    await writeOut(this.#options.dir, files, to);
  }

  /** Renders files that nobody has committed, so that only a state that renders ever is. */
  async #tryOut(files: Tree): Promise<Rendered> {
    try {
      await this.#writeOut(files, this.#candidate);
      return await this.#render(this.#candidate);
    } finally {
      await rm(this.#candidate, { recursive: true, force: true });
    }
  }

  async #render(root: string): Promise<Rendered> {
    const dir = join(root, 'overlays', this.#options.overlay);
    try {
      return shown(await this.#options.render(dir, root));
    } catch (cause) {
      const reason = (cause instanceof Error ? cause.message : String(cause)).replaceAll(`${root}/`, '');
      throw new CodedError('desired-state-broken', `The desired state does not render: ${reason}`, { cause });
    }
  }
}

function difference(current: Selections, wanted: Selections): Selections {
  return Object.fromEntries(Object.entries(wanted).filter(([pattern, option]) => current[pattern] !== option));
}

function shown(manifests: Manifest[]): Rendered {
  return { manifests, yaml: manifests.map((manifest) => stringify(masked(manifest), plain)).join('---\n') };
}

import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Manifest } from '../../cluster/client/apply.ts';
import type { PatternChange } from '../contract/patterns.ts';
import { CodedError } from '../errors.ts';
import type { StateFile } from '../state-file.ts';
import { masked } from './mask-secrets.ts';
import { manifestDiff } from './manifest-diff.ts';
import { readOverlay, writeOverlay, type Overlay, type Selections } from './overlay.ts';
import { patterns, type PatternDefinition } from './patterns.ts';
import { Repository } from './repository.ts';
import { SerialQueue } from './serial-queue.ts';

export interface DesiredStateOptions {
  /** Folder of the repository. */
  dir: string;
  /** Folder of the manifests this version ships. */
  shipped: string;
  /** Name of the overlay: `embedded`. */
  overlay: string;
  /** Renders a kustomization folder. */
  render: (dir: string) => Promise<Manifest[]>;
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

/** What the system should be like: a git repository of Kustomize overlays, and one commit for each change to it. */
export class DesiredState {
  readonly #repository: Repository;
  readonly #options: DesiredStateOptions;
  readonly #overlayDir: string;
  /** At the same depth as the overlay, because kustomizations name each other by relative paths. */
  readonly #candidateDir: string;
  readonly #file: string;
  readonly #queue = new SerialQueue(queueLimit);
  #selections: Selections = {};
  #rendered: Rendered = { manifests: [], yaml: '' };
  #problem: string | null = null;
  /** The commit that `rendered` was last read at. */
  #head = '';
  #changes: PatternChange[] = [];
  /** Diffs by pattern and option, of the present commit: the options there are bound it. */
  #previews = new Map<string, Promise<string>>();

  constructor(options: DesiredStateOptions) {
    this.#options = options;
    this.#repository = new Repository(options.dir);
    this.#overlayDir = join(options.dir, 'overlays', options.overlay);
    this.#candidateDir = join(options.dir, 'overlays', '.candidate');
    this.#file = join(this.#overlayDir, 'kustomization.yaml');
  }

  /** A state that does not render is told by `problem`; the one that rendered last is held instead, where there is one. */
  async open(): Promise<void> {
    await rm(this.#candidateDir, { recursive: true, force: true }); // of a process that was killed
    await this.#repository.open(this.#options.shipped, async () => {
      const { selections } = await readOverlay(this.#file);
      return async () => writeOverlay(this.#file, (await readOverlay(this.#file)).with(selections));
    });
    this.#head = await this.#repository.head();
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
      this.#head = head;
      this.#previews = new Map();
      try {
        await this.#read();
        return true;
      } catch (error) {
        if (!(error instanceof CodedError)) throw error;
        this.#problem = error.message;
        return false;
      }
    });
  }

  async #read(): Promise<void> {
    const { selections } = await readOverlay(this.#file);
    const rendered = await this.#render(this.#overlayDir);
    this.#selections = selections;
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

  /** The latest first. */
  get changes(): readonly PatternChange[] {
    return this.#changes;
  }

  /** Makes the switch, as one commit. Choosing what is chosen already changes nothing and gives an empty diff. */
  async select(pattern: string, option: string): Promise<PatternChange> {
    const { title, place, options } = definition(pattern, option);
    const label = options.find(({ id }) => id === option)?.label ?? option;
    const changes = await this.#change(
      () => ({ [pattern]: option }),
      `Switch ${title.toLowerCase()} to ${label} on ${place}`,
    );
    const first = changes[0];
    if (!first) throw new Error(`the switch of ${pattern} gave no change`);
    return first;
  }

  /** Brings every pattern to the options named, the others to their first option, as one commit. */
  async selectAll(selections: Selections, reason: string): Promise<PatternChange[]> {
    for (const [pattern, option] of Object.entries(selections)) definition(pattern, option);
    const whole = Object.fromEntries(patterns.map(({ id, options }) => [id, selections[id] ?? options[0]!.id]));
    return this.#change((current) => difference(current, whole), reason);
  }

  /** The diff that a switch would give, without making it. Rendered once for each commit, and never refused for switches. */
  async preview(pattern: string, option: string): Promise<string> {
    definition(pattern, option);
    const key = `${pattern}=${option}`;
    const previews = this.#previews;
    const known = previews.get(key);
    if (known) return known;
    const diff = this.#queue.follow(async () => {
      const overlay = await readOverlay(this.#file);
      if (overlay.selections[pattern] === option) return '';
      const { yaml } = await this.#tryOut(overlay.with({ ...overlay.selections, [pattern]: option }));
      return manifestDiff(this.#rendered.yaml, yaml);
    });
    previews.set(key, diff);
    diff.catch(() => previews.delete(key)); // whoever asked has the error; the next one tries again
    return diff;
  }

  /** Refused as a whole, leaving everything as it was, or made as a whole. */
  #change(wish: (current: Selections) => Selections, message: string): Promise<PatternChange[]> {
    return this.#queue.run(async () => {
      this.#repository.refuseOnFullDisk();
      const overlay = await readOverlay(this.#file);
      const from = overlay.selections;
      const at = (this.#options.now ?? Date.now)();
      let to = from;
      // Files edited by hand, and commits by others, since the last switch are no part of this one's diff.
      let rendered = await this.#render(this.#overlayDir).catch(() => this.#rendered); // a switch may be what mends it
      const steps: Omit<PatternChange, 'commit'>[] = [];
      // Step by step, so that each pattern has the diff that is its own doing.
      for (const [pattern, option] of Object.entries(wish(from))) {
        to = { ...to, [pattern]: option };
        const next = await this.#tryOut(overlay.with(to));
        const diff = manifestDiff(rendered.yaml, next.yaml);
        steps.push({ pattern, from: from[pattern]!, to: option, diff, at });
        rendered = next;
      }
      if (steps.length === 0) return [];
      const commit = await this.#commit(overlay, to, message);
      this.#head = commit;
      this.#selections = to;
      this.#rendered = rendered;
      this.#problem = null;
      this.#options.lastGood?.write(rendered.manifests);
      this.#previews = new Map();
      const changes = steps.map((step) => ({ ...step, commit }));
      const made = changes.filter((change) => change.from !== change.to);
      this.#changes = [...made, ...this.#changes].slice(0, keptChanges);
      return changes;
    });
  }

  /**
   * What was edited by hand becomes a commit of its own first. A selection that git does not take must not stay in the file: it
   * would go into the next commit.
   */
  async #commit(overlay: Overlay, selections: Selections, message: string): Promise<string> {
    await this.#repository.keepEdits('Keep edits found before a switch');
    await writeOverlay(this.#file, overlay.with(selections));
    try {
      return await this.#repository.commit(message);
    } catch (error) {
      await writeOverlay(this.#file, overlay.text);
      throw error;
    }
  }

  /** Renders a kustomization beside the real one, so that only a state that renders is ever written. */
  async #tryOut(kustomization: string): Promise<Rendered> {
    await rm(this.#candidateDir, { recursive: true, force: true });
    await cp(this.#overlayDir, this.#candidateDir, { recursive: true });
    try {
      await writeOverlay(join(this.#candidateDir, 'kustomization.yaml'), kustomization);
      return await this.#render(this.#candidateDir);
    } finally {
      await rm(this.#candidateDir, { recursive: true, force: true });
    }
  }

  async #render(dir: string): Promise<Rendered> {
    try {
      return shown(await this.#options.render(dir));
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new CodedError('desired-state-broken', `The desired state in ${dir} does not render: ${reason}`, {
        cause,
      });
    }
  }
}

function definition(pattern: string, option: string): PatternDefinition {
  const found = patterns.find(({ id }) => id === pattern);
  if (!found) throw new CodedError('unknown-pattern', `There is no pattern "${pattern}".`);
  if (!found.options.some(({ id }) => id === option)) {
    const options = found.options.map(({ id }) => id).join(', ');
    throw new CodedError('unknown-option', `The pattern "${pattern}" has no option "${option}"; it has ${options}.`);
  }
  return found;
}

function difference(current: Selections, wanted: Selections): Selections {
  return Object.fromEntries(Object.entries(wanted).filter(([pattern, option]) => current[pattern] !== option));
}

function shown(manifests: Manifest[]): Rendered {
  return { manifests, yaml: manifests.map((manifest) => stringify(masked(manifest), plain)).join('---\n') };
}

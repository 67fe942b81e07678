import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Manifest } from '../../cluster/client/apply.ts';
import { CodedError } from '../errors.ts';
import { masked } from './mask-secrets.ts';
import { RenderedTrees } from './rendered-trees.ts';
import { writeOut, type Tree } from './tree.ts';

export interface CandidateOptions {
  /** Folder of the repository; the candidate is written out beside it. */
  dir: string;
  /** Name of the overlay: `embedded`. */
  overlay: string;
  /** Renders a kustomization folder, of which nothing is read outside of `root`. */
  render: (dir: string, root: string) => Promise<Manifest[]>;
}

export interface Rendered {
  manifests: Manifest[];
  /** What is shown of them: Secrets are masked. */
  yaml: string;
}

/** No anchors and no folded lines: what a reader of a diff expects. */
const plain = { aliasDuplicateObjects: false, lineWidth: 0 };

/** Renders files, before they are committed too, so that only a state that renders ever is. One at a time: there is one folder. */
export class Candidate {
  readonly #options: CandidateOptions;
  /** Where files are written out to be rendered. */
  readonly #folder: string;
  readonly #trees = new RenderedTrees<Rendered>();

  constructor(options: CandidateOptions) {
    this.#options = options;
    this.#folder = `${options.dir}.candidate`;
  }

  /** Takes away what a process that was killed has left. */
  async clear(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Throws CodedError `desired-state-broken`. */
  render(files: Tree): Promise<Rendered> {
    return this.#trees.read(files, () => this.#written(files, () => this.#renderFolder()));
  }

  /** What files come to is known already. */
  async know(files: Tree, rendered: Rendered): Promise<void> {
    await this.#trees.read(files, () => Promise.resolve(rendered));
  }

  /** Files of which one changes step by step: writing all of them anew takes longer than rendering them. */
  with<T>(
    files: Tree,
    file: string,
    task: (renderWith: (text: string) => Promise<Rendered>) => Promise<T>,
  ): Promise<T> {
    return this.#written(files, () =>
      task(async (text) => {
        const path = join(this.#folder, file);
        await rm(path); // never written through, should it be a link
        await writeFile(path, text, { flag: 'wx' });
        return this.#renderFolder();
      }),
    );
  }

  async #written<T>(files: Tree, task: () => Promise<T>): Promise<T> {
    try {
      await this.clear();
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeOut(this.#options.dir, files, this.#folder);
      return await task();
    } finally {
      await this.clear();
    }
  }

  async #renderFolder(): Promise<Rendered> {
    const root = this.#folder;
    try {
      return shown(await this.#options.render(join(root, 'overlays', this.#options.overlay), root));
    } catch (cause) {
      const reason = (cause instanceof Error ? cause.message : String(cause)).replaceAll(`${root}/`, '');
      throw new CodedError('desired-state-broken', `The desired state does not render: ${reason}`, { cause });
    }
  }
}

/** Manifests with what is shown of them. */
export function shown(manifests: Manifest[]): Rendered {
  return { manifests, yaml: manifests.map((manifest) => stringify(masked(manifest), plain)).join('---\n') };
}

import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import git from 'isomorphic-git';
import { fullDisk } from '../../cluster/disk-space.ts';
import { CodedError } from '../errors.ts';

const author = { name: 'Breakwater', email: 'breakwater@localhost' };
/** Of changes found in the working tree: git does not say who made them. */
const handAuthor = { name: 'Edited by hand', email: 'hand@localhost' };
/** Which shipped manifests the working tree was last brought to: a digest, kept beside git's own files. */
const shippedRecord = join('.git', 'breakwater-shipped');

/** The git repository that holds the desired state. The working tree is what is rendered. */
export class Repository {
  readonly dir: string;

  constructor(dir: string) {
    this.dir = dir;
  }

  /**
   * Makes the repository from the shipped manifests, or brings it to them where they have changed since. `carryOver`
   * runs after the shipped files were laid over the old ones and puts back what is to be kept. Edits found in the
   * working tree are committed first, so that nothing is lost.
   * Throws CodedError `desired-state-broken`.
   */
  async open(shipped: string, prepare: () => Promise<() => Promise<void>>): Promise<void> {
    const digest = await digestOf(shipped);
    if (!(await this.#exists())) {
      await this.#create(shipped, digest);
      return;
    }
    const recorded = await readFile(join(this.dir, shippedRecord), 'utf8').catch(() => null); // older layout: lay it anew
    try {
      await this.keepEdits('Keep edits found at start');
      if (recorded === digest) return;
      const carryOver = await prepare();
      await this.#lay(shipped);
      await carryOver();
      await this.commit('Update to the shipped manifests');
      await writeFile(join(this.dir, shippedRecord), digest);
    } catch (cause) {
      if (cause instanceof CodedError) throw cause;
      throw this.#broken(cause);
    }
  }

  /** The present commit. */
  async head(): Promise<string> {
    try {
      return await git.resolveRef({ fs, dir: this.dir, ref: 'HEAD' });
    } catch (cause) {
      throw this.#broken(cause);
    }
  }

  /** Commits what was edited by hand, under an author of its own, so that the next commit holds its own change alone. */
  async keepEdits(message: string): Promise<void> {
    await this.#commit(message, handAuthor);
  }

  /** Commits all changes of the working tree. Returns the commit, the present one when nothing changed. */
  async commit(message: string): Promise<string> {
    return this.#commit(message, author);
  }

  /**
   * Nothing is written on a disk that is full: files of git's would be left half written.
   *
   * @throws CodedError `disk-full`
   */
  refuseOnFullDisk(): void {
    const full = fullDisk(this.dir);
    if (full) throw new CodedError('disk-full', full);
  }

  async #commit(message: string, author: { name: string; email: string }): Promise<string> {
    this.refuseOnFullDisk();
    try {
      const rows = await git.statusMatrix({ fs, dir: this.dir });
      const changed = rows.filter(([, head, workdir, stage]) => head !== workdir || workdir !== stage);
      for (const [filepath, , workdir] of changed) {
        if (workdir === 0) await git.remove({ fs, dir: this.dir, filepath });
        else await git.add({ fs, dir: this.dir, filepath });
      }
      if (changed.length === 0) return await git.resolveRef({ fs, dir: this.dir, ref: 'HEAD' });
      return await git.commit({ fs, dir: this.dir, message, author });
    } catch (cause) {
      throw this.#broken(cause);
    }
  }

  async #exists(): Promise<boolean> {
    const entries = await readdir(this.dir).catch((error: NodeJS.ErrnoException): string[] => {
      if (error.code === 'ENOENT') return [];
      throw this.#broken(error);
    });
    if (entries.length > 0 && !entries.includes('.git')) throw this.#broken(new Error('it is not a git repository'));
    return entries.length > 0;
  }

  /** Built aside and moved into place, so that a start cut short leaves no half of it. */
  async #create(shipped: string, digest: string): Promise<void> {
    const aside = new Repository(`${this.dir}.new`);
    await rm(aside.dir, { recursive: true, force: true });
    await mkdir(aside.dir, { recursive: true });
    await git.init({ fs, dir: aside.dir, defaultBranch: 'main' });
    await aside.#lay(shipped);
    await aside.commit('Start from the shipped manifests');
    await writeFile(join(aside.dir, shippedRecord), digest);
    await rm(this.dir, { recursive: true, force: true }); // empty: see #exists
    await fs.promises.rename(aside.dir, this.dir);
  }

  async #lay(shipped: string): Promise<void> {
    for (const name of await readdir(this.dir)) {
      if (name !== '.git') await rm(join(this.dir, name), { recursive: true });
    }
    await cp(shipped, this.dir, { recursive: true });
  }

  #broken(cause: unknown): CodedError {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return new CodedError('desired-state-broken', `The repository ${this.dir} cannot be used: ${reason}.`, { cause });
  }
}

async function digestOf(dir: string): Promise<string> {
  const hash = createHash('sha256');
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  for (const file of files.sort())
    hash
      .update(file.slice(dir.length))
      .update('\0')
      .update(await readFile(file));
  return hash.digest('hex');
}

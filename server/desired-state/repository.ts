import fs from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import git from 'isomorphic-git';
import { fullDisk } from '../../cluster/disk-space.ts';
import type { Commit } from '../contract/patterns.ts';
import { CodedError } from '../errors.ts';
import { laidOver, treeOfFolder } from './shipped.ts';
import { moveBranch } from './move-branch.ts';
import { makeTree, readTree, type Tree } from './tree.ts';
import { followInWorkingTree, type MergeEdited } from './working-tree.ts';

const author = { name: 'Breakwater', email: 'breakwater@localhost' };
const branch = 'main';
const keptTrees = 8;
/** The manifests this program shipped when the repository was last brought to them. */
const shippedRef = 'refs/breakwater/shipped';

/**
 * The git repository that holds the desired state: what its branch `main` says, never what the working tree holds. Our commits are made
 * of the branch's own files; the working tree, where people edit, follows where nobody has edited.
 */
export class Repository {
  readonly dir: string;
  readonly #mergeEdited: MergeEdited;
  /** Of the latest commits that were read. */
  readonly #trees = new Map<string, Tree>();

  constructor(dir: string, mergeEdited: MergeEdited = () => null) {
    this.dir = dir;
    this.#mergeEdited = mergeEdited;
  }

  /**
   * Makes the repository from the shipped manifests, or brings it to them where those have changed since: files that nobody else has
   * changed become the new ones. `resolve` says what becomes of one that has been changed on both sides; null keeps the repository's.
   * Throws CodedError `desired-state-broken`.
   */
  async open(shipped: string, resolve: (path: string, ours: string, theirs: string) => string | null): Promise<void> {
    if (!(await this.#exists())) return this.#create(shipped);
    await this.#guarded(async () => {
      await git.currentBranch({ fs, dir: this.dir }); // without HEAD it is no repository to git
      const next = await treeOfFolder(this.dir, shipped);
      const known = await git.resolveRef({ fs, dir: this.dir, ref: shippedRef }).catch(() => null);
      const before = known === null ? null : await readTree(this.dir, known);
      const id = await makeTree(this.dir, next);
      if (known !== null && id === (await git.readCommit({ fs, dir: this.dir, oid: known })).commit.tree) return;
      const head = await this.head();
      const files = await laidOver(this.dir, { ours: await readTree(this.dir, head), before, next, resolve });
      await this.commit(head, files, 'Update to the shipped manifests');
      await this.#recordShipped(id);
    });
  }

  /** The present commit. */
  head(): Promise<string> {
    return this.#guarded(() => git.resolveRef({ fs, dir: this.dir, ref: branch }));
  }

  /** A commit is what it is: its files are read once. */
  async files(commit: string): Promise<Tree> {
    const files = this.#trees.get(commit) ?? (await this.#guarded(() => readTree(this.dir, commit)));
    this.#trees.delete(commit);
    this.#trees.set(commit, files);
    for (const [oldest] of this.#trees) if (this.#trees.size > keptTrees) this.#trees.delete(oldest);
    return files;
  }

  /** The latest first, with whole messages. */
  async log(depth: number): Promise<{ id: string; parent: string | null; message: string; email: string }[]> {
    const log = await this.#guarded(() => git.log({ fs, dir: this.dir, ref: branch, depth }));
    return log.map(({ oid, commit: { parent, message, author } }) => ({
      ...{ id: oid, parent: parent[0] ?? null, message, email: author.email },
    }));
  }

  /** The latest first. */
  async history(depth: number): Promise<Commit[]> {
    const log = await this.#guarded(() => git.log({ fs, dir: this.dir, ref: branch, depth }));
    return log.map(({ oid, commit }) => ({
      ...{ id: oid, parent: commit.parent[0] ?? null, title: commit.message.split('\n')[0] ?? '' },
      ...{ author: commit.author.name, at: commit.author.timestamp * 1_000 },
    }));
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

  /** `files` with other contents; null takes a file away. */
  async edited(files: Tree, contents: ReadonlyMap<string, string | null>): Promise<Tree> {
    const edited = new Map(files);
    for (const [path, text] of contents) {
      if (text === null) edited.delete(path);
      else {
        const oid = await git.writeBlob({ fs, dir: this.dir, blob: Buffer.from(text) });
        edited.set(path, { oid, mode: files.get(path)?.mode ?? '100644' });
      }
    }
    return edited;
  }

  /** Commits these files on top of `parent`, which is the present commit. The same files as there are no new commit. */
  async commit(parent: string, files: Tree, message: string, by = author): Promise<string> {
    this.refuseOnFullDisk();
    return this.#guarded(async () => {
      const tree = await makeTree(this.dir, files);
      if (tree === (await git.readCommit({ fs, dir: this.dir, oid: parent })).commit.tree) return parent;
      const commit = { fs, dir: this.dir, tree, parent: [parent], message, author: by };
      const id = await git.commit({ ...commit, noUpdateBranch: true, ref: branch });
      await moveBranch(this.dir, branch, { from: parent, to: id });
      await this.follow(parent, id);
      return id;
    });
  }

  /** Brings the working tree from one commit to another, but for what was edited in it. */
  async follow(from: string, to: string): Promise<void> {
    if ((await git.currentBranch({ fs, dir: this.dir })) !== branch) return; // somebody works on something else there
    const [before, after] = [await this.files(from), await this.files(to)];
    await followInWorkingTree(this.dir, from, { from: before, to: after, mergeEdited: this.#mergeEdited });
  }

  async read(path: string, files: Tree): Promise<string | null> {
    const oid = files.get(path)?.oid;
    if (!oid) return null;
    return this.#guarded(async () => Buffer.from((await git.readBlob({ fs, dir: this.dir, oid })).blob).toString());
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
  async #create(shipped: string): Promise<void> {
    const aside = new Repository(`${this.dir}.new`);
    await rm(aside.dir, { recursive: true, force: true });
    await mkdir(aside.dir, { recursive: true, mode: 0o700 });
    await git.init({ fs, dir: aside.dir, defaultBranch: branch });
    const tree = await makeTree(aside.dir, await treeOfFolder(aside.dir, shipped));
    await git.commit({ fs, dir: aside.dir, tree, parent: [], message: 'Start from the shipped manifests', author });
    await git.checkout({ fs, dir: aside.dir, ref: branch, force: true });
    await aside.#recordShipped(tree);
    await rm(this.dir, { recursive: true, force: true }); // empty: see #exists
    await rename(aside.dir, this.dir);
  }

  async #recordShipped(tree: string): Promise<void> {
    const commit = { fs, dir: this.dir, tree, parent: [], message: 'Shipped manifests', author };
    const value = await git.commit({ ...commit, noUpdateBranch: true, ref: branch });
    await git.writeRef({ fs, dir: this.dir, ref: shippedRef, value, force: true });
  }

  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw cause instanceof CodedError ? cause : this.#broken(cause);
    }
  }

  #broken(cause: unknown): CodedError {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return new CodedError('desired-state-broken', `The repository ${this.dir} cannot be used: ${reason}.`, { cause });
  }
}

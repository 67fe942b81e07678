import fs from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import git from 'isomorphic-git';
import type { Entry, Tree } from './tree.ts';

/** The files of a folder, as a commit would hold them. */
export async function treeOfFolder(dir: string, folder: string): Promise<Tree> {
  const files = new Map<string, Entry>();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  for (const path of paths.sort()) {
    const oid = await git.writeBlob({ fs, dir, blob: await readFile(path) });
    files.set(relative(folder, path).split(sep).join('/'), { oid, mode: '100644' });
  }
  return files;
}

interface Sides {
  /** What the repository has now. */
  ours: Tree;
  /** What was shipped when it was last brought to that; null is not known: everything shipped is laid anew. */
  before: Tree | null;
  next: Tree;
  resolve: (path: string, ours: string, theirs: string) => string | null;
}

/** The repository's files with the changes of what is shipped: a three-way merge, file by file. */
export async function laidOver(dir: string, { ours, before, next, resolve }: Sides): Promise<Tree> {
  const files = new Map<string, Entry>(before ? ours : []);
  for (const path of new Set([...(before?.keys() ?? []), ...next.keys()])) {
    const [mine, old, shipped] = [ours.get(path), before?.get(path), next.get(path)];
    if (before && old?.oid === shipped?.oid) continue;
    const mineIsOld = !before || mine?.oid === old?.oid;
    const text = mine && shipped && (await both(dir, path, mine, shipped, resolve));
    if (text) files.set(path, { ...shipped, oid: await git.writeBlob({ fs, dir, blob: Buffer.from(text) }) });
    else if (mineIsOld && shipped) files.set(path, shipped);
    else if (mineIsOld) files.delete(path);
  }
  return files;
}

async function both(dir: string, path: string, mine: Entry, shipped: Entry, resolve: Sides['resolve']) {
  if (mine.oid === shipped.oid) return null;
  const [ours, theirs] = await Promise.all(
    [mine, shipped].map(async ({ oid }) => Buffer.from((await git.readBlob({ fs, dir, oid })).blob).toString()),
  );
  return resolve(path, ours!, theirs!);
}

import fs from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import git from 'isomorphic-git';
import type { Entry, Tree } from './tree.ts';

/** In the rows of git's status matrix: a file that is not there, and one that is as the commit has it. */
const absent = 0;
const asCommitted = 1;

/** What becomes of a file that was edited and is another one in the new commit; null leaves it as it is. */
export type MergeEdited = (path: string, texts: { base: string; theirs: string; ours: string }) => string | null;

/**
 * Brings working tree and index from one commit's files to another's. A file that was edited stays as it is in the working tree,
 * and one that was staged in the index: git shows both as changes against the new commit.
 */
export async function followInWorkingTree(
  dir: string,
  commit: string,
  { from, to, mergeEdited }: { from: Tree; to: Tree; mergeEdited: MergeEdited },
): Promise<void> {
  const changed = [...new Set([...from.keys(), ...to.keys()])].filter(
    (path) => from.get(path)?.oid !== to.get(path)?.oid,
  );
  if (changed.length === 0) return;
  const rows = await git.statusMatrix({ fs, dir, ref: commit, filepaths: changed, ignored: true });
  const status = new Map(rows.map(([path, , workdir, stage]) => [path, { workdir, stage }]));
  for (const path of changed) {
    const after = to.get(path);
    const untouched = from.has(path) ? asCommitted : absent;
    const { workdir = absent, stage = absent } = status.get(path) ?? {};
    if (workdir === untouched) await put(dir, path, after);
    else if (workdir !== absent && from.has(path) && after) await merge(dir, path, from.get(path)!, after, mergeEdited);
    if (stage !== untouched) continue;
    if (!after) await git.remove({ fs, dir, filepath: path });
    else await git.updateIndex({ fs, dir, filepath: path, oid: after.oid, add: true, force: true });
  }
}

async function merge(dir: string, path: string, before: Entry, after: Entry, mergeEdited: MergeEdited): Promise<void> {
  const file = join(dir, path);
  const [base, theirs] = await Promise.all(
    [before, after].map(async ({ oid }) => Buffer.from((await git.readBlob({ fs, dir, oid })).blob).toString()),
  );
  const merged = mergeEdited(path, { base: base!, theirs: theirs!, ours: await readFile(file, 'utf8') });
  if (merged !== null) await writeFile(file, merged);
}

async function put(dir: string, path: string, entry: Entry | undefined): Promise<void> {
  const file = join(dir, path);
  if (!entry) return rm(file, { force: true });
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, (await git.readBlob({ fs, dir, oid: entry.oid })).blob);
}

import fs from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import git from 'isomorphic-git';
import { CodedError } from '../errors.ts';
import { maxBytes, maxFiles } from './tree-limits.ts';

/** What a path of a commit holds: its blob, and how git lists it (`100644`, `100755`, `120000` for a link). */
export interface Entry {
  oid: string;
  mode: string;
}

/** The files of a commit by path. */
export type Tree = ReadonlyMap<string, Entry>;

const linkMode = '120000';

/** The files of a commit or tree. Throws CodedError `desired-state-broken` when there are too many. */
export async function readTree(dir: string, oid: string): Promise<Tree> {
  const files = new Map<string, Entry>();
  const enter = async (tree: string, prefix: string): Promise<void> => {
    const { tree: entries } = await git.readTree({ fs, dir, oid: tree });
    for (const { path, oid, mode, type } of entries) {
      if (/^(|\.|\.\.|\.git)$|\//i.test(path)) throw broken(`its tree names "${path}"`);
      if (type === 'tree') await enter(oid, `${prefix}${path}/`);
      else if (type === 'blob') files.set(prefix + path, { oid, mode });
      if (files.size > maxFiles) throw tooLarge(`it has more than ${maxFiles} files`);
    }
  };
  await enter(oid, '');
  return files;
}

/** Writes the files out below `to`, which is empty. Throws CodedError `desired-state-broken` when they are too large. */
export async function writeOut(dir: string, tree: Tree, to: string): Promise<void> {
  let bytes = 0;
  // Links last: nothing is written through one.
  const links = [...tree].filter(([, { mode }]) => mode === linkMode);
  for (const [path, { oid, mode }] of [...[...tree].filter(([, { mode }]) => mode !== linkMode), ...links]) {
    const { blob } = await git.readBlob({ fs, dir, oid });
    bytes += blob.length;
    if (bytes > maxBytes) throw tooLarge(`its files have more than ${maxBytes} bytes`);
    const file = join(to, path);
    await mkdir(dirname(file), { recursive: true });
    if (mode === linkMode) await symlink(Buffer.from(blob).toString(), file);
    else await writeFile(file, blob);
  }
}

/** The id of a tree object with these files; what is missing of it is written. */
export async function makeTree(dir: string, files: Tree): Promise<string> {
  const folders = new Map<string, Map<string, Entry>>();
  const entries: { path: string; oid: string; mode: string; type: 'blob' | 'tree' }[] = [];
  for (const [path, entry] of files) {
    const slash = path.indexOf('/');
    if (slash === -1) {
      entries.push({ path, ...entry, type: 'blob' });
      continue;
    }
    const name = path.slice(0, slash);
    const folder = folders.get(name) ?? new Map<string, Entry>();
    folders.set(name, folder.set(path.slice(slash + 1), entry));
  }
  for (const [path, inside] of folders) {
    entries.push({ path, oid: await makeTree(dir, inside), mode: '040000', type: 'tree' });
  }
  return git.writeTree({ fs, dir, tree: entries });
}

function tooLarge(what: string): CodedError {
  return broken(`it is too large: ${what}`);
}

function broken(what: string): CodedError {
  return new CodedError('desired-state-broken', `The desired state is broken: ${what}.`);
}

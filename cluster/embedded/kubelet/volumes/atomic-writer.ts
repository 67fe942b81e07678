import { chmod, lstat, mkdir, readFile, readdir, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';

/** What a volume of files holds: by path below it. */
export type Payload = Map<string, { data: Buffer; mode: number }>;

/** The link to the version in force. */
const DATA = '..data';

/**
 * Makes a folder hold these files and no others, all at the same moment for whoever reads: they are written beside those in force, and one link
 * is replaced. The layout is that of the kubelet's AtomicWriter, which programs that watch their configuration rely on:
 *
 *   sky -> ..data/sky
 *   ..data -> ..2026_11_28_14_30_00.123
 *   ..2026_11_28_14_30_00.123/sky
 *
 * @returns whether anything was written. Throws an Error, and writes nothing, where a path would lead out of the folder or be one of the layout's own
 */
export async function writeAtomically(folder: string, payload: Payload, now: Date): Promise<boolean> {
  const stray = [...payload.keys()].find(
    (path) => isAbsolute(path) || path.startsWith('..') || path.split('/').includes('..'),
  );
  if (stray !== undefined)
    throw new Error(`invalid path: must be relative, without '..' and not begin with it: ${stray}`);
  const before = await versionOf(folder);
  if (before !== null && (await holds(join(folder, before), payload))) return false;
  const version = `..${now.toISOString().replace(/[-T:]/g, '_').slice(0, -1)}`;
  for (const [path, { data, mode }] of payload) {
    const file = join(folder, version, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, data);
    await chmod(file, mode);
  }
  await mkdir(join(folder, version), { recursive: true });
  await link(folder, DATA, version);
  const names = new Set([...payload.keys()].map((path) => path.split('/')[0]!));
  for (const name of names) await link(folder, name, `${DATA}/${name}`);
  for (const name of await readdir(folder)) {
    if (name !== DATA && name !== version && !names.has(name)) await rm(join(folder, name), { recursive: true });
  }
  return true;
}

/** Puts a link in place of whatever has its name. */
async function link(folder: string, name: string, target: string): Promise<void> {
  if ((await targetOf(join(folder, name))) === target) return;
  const fresh = join(folder, `..new_${name}`);
  await symlink(target, fresh);
  await rename(fresh, join(folder, name));
}

function versionOf(folder: string): Promise<string | null> {
  return targetOf(join(folder, DATA));
}

async function targetOf(path: string): Promise<string | null> {
  try {
    return await readlink(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function holds(folder: string, payload: Payload): Promise<boolean> {
  const there = (await readdir(folder, { recursive: true, withFileTypes: true })).filter(
    (entry) => !entry.isDirectory(),
  );
  if (there.length !== payload.size) return false;
  for (const [path, { data, mode }] of payload) {
    const file = join(folder, path);
    const stats = await lstat(file).catch(() => null);
    if (!stats || (stats.mode & 0o777) !== mode || !data.equals(await readFile(file))) return false;
  }
  return true;
}

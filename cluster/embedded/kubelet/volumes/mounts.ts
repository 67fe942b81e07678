import { cp, mkdir, realpath, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Container, Pod } from '../../kinds/types.ts';
import type { Mount } from '../../mounts/mount-view.ts';
import { ContainerConfigError } from '../environment.ts';
import { expandVariables } from '../expand-variables.ts';
import { below } from './folders.ts';
import { isOfFiles } from './payload.ts';

/**
 * What a container sees where.
 *
 * @param folders of the pod's volumes, by their names
 * @param env the container's variables, for subPathExpr
 * @param scratch a folder of the container's own
 */
export async function mountsOf(
  pod: Pod,
  container: Container,
  folders: Map<string, string>,
  env: Record<string, string>,
  scratch: string,
): Promise<Mount[]> {
  const mounts: Mount[] = [];
  for (const [index, { name, mountPath, subPath, subPathExpr, readOnly }] of (container.volumeMounts ?? []).entries()) {
    const folder = folders.get(name);
    const volume = pod.spec?.volumes?.find((candidate) => candidate.name === name);
    if (folder === undefined || !volume) throw new ContainerConfigError(`there is no volume "${name}"`);
    const isFiles = isOfFiles(volume);
    const isReadOnlyClaim = volume.persistentVolumeClaim?.readOnly === true;
    const path = subPathExpr === undefined ? (subPath ?? '') : expanded(subPathExpr, env);
    const directory = !path
      ? folder
      : isFiles
        ? await copyOf(below(folder, path), join(scratch, 'sub-paths', String(index)))
        : await partOf(folder, path);
    mounts.push({
      mountPath: resolve('/', mountPath),
      directory,
      readOnly: Boolean(readOnly) || isFiles || isReadOnlyClaim,
    });
  }
  return mounts;
}

function expanded(text: string, env: Record<string, string>): string {
  const path = expandVariables(text, env);
  const [, missing] = /\$\(([^()]*)\)/.exec(path) ?? [];
  if (missing !== undefined) throw new ContainerConfigError(`missing value for "${missing}"`);
  return path;
}

/** A part of a volume of files stays as it is when the container starts: a change replaces the folder that it is in. */
async function copyOf(path: string, copy: string): Promise<string> {
  await rm(copy, { recursive: true, force: true });
  try {
    await cp(await realpath(path), copy, { recursive: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await mkdir(copy, { recursive: true });
  }
  return copy;
}

/** A part of a folder, made where it is missing. A link in the volume must not lead to what is not in it. */
async function partOf(folder: string, path: string): Promise<string> {
  const part = below(folder, path);
  const root = await realpath(folder);
  const isInside = (real: string) => real === root || real.startsWith(`${root}/`);
  // Looked at before anything is made: that would be made where the link leads.
  if (!isInside(await realpath(await nearest(part)))) {
    throw new ContainerConfigError(`failed to prepare subPath for volumeMount: ${path} is outside of its volume`);
  }
  await mkdir(part, { recursive: true, mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    // It is a file.
    if (error.code !== 'EEXIST') throw error;
  });
  return realpath(part);
}

/** A path, or the nearest above it that is there. */
async function nearest(path: string): Promise<string> {
  const isThere = await stat(path).catch(() => null);
  return isThere ? path : nearest(dirname(path));
}

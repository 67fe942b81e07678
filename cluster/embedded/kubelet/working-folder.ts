import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { realPath, type Mount } from '../mounts/mount-view.ts';

export interface WorkingFolder {
  /** On this machine. */
  cwd: string;
  /** What has to be mounted for it, if anything. */
  mounts: Mount[];
}

/**
 * The folder of a container's workingDir, made where it is missing, as container runtimes do: in its volume, or, where this machine has no such
 * folder, among the container's own things.
 */
export async function workingFolder(workingDir: string, mounts: Mount[], scratch: string): Promise<WorkingFolder> {
  const path = resolve('/', workingDir);
  const mounted = realPath(mounts, path);
  if (!mounted && existsSync(path)) return { cwd: path, mounts: [] };
  const cwd = mounted?.path ?? join(scratch, 'working-folder');
  if (!mounted?.readOnly) await mkdir(cwd, { recursive: true });
  return { cwd, mounts: mounted ? [] : [{ mountPath: path, directory: cwd, readOnly: false }] };
}

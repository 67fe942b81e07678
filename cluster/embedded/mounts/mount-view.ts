import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const PRELOAD = fileURLToPath(new URL('./preload/preload.cjs', import.meta.url));

/** The variable through which the preload knows the mounts. */
const MOUNTS_VARIABLE = 'BREAKWATER_MOUNTS';

/** A folder or file of this machine that a container sees at a path of its own. */
export interface Mount {
  /** Absolute, as the container names it. */
  mountPath: string;
  /** Absolute, on this machine. */
  directory: string;
  readOnly: boolean;
}

/** One folder or file of the container. */
export interface ViewedMount {
  /** Where it is found, without a slash at the end: as the system resolves links above it, and as its pod names it. */
  paths: string[];
  /** Absolute, behind no link. */
  directory: string;
  readOnly: boolean;
}

/** What the preload reads from the variable. */
export interface View {
  mounts: ViewedMount[];
  /** A file that says, while it is there, until when the mounts have no space left (see preload/disk-full.cjs). */
  diskFull: string;
}

/** How a container's processes come to see its mounts. */
export interface MountView {
  env: Record<string, string>;
  /** node's arguments for a program of Node. */
  nodeArguments: string[];
}

/**
 * The view of a container on its mounts; empty without any, so that nobody pays for what is not there.
 *
 * @param root a folder of the container's own, for the folders above a mount that this machine does not have
 * @param diskFull see View
 */
export function mountView(mounts: Mount[], root: string, diskFull: string): MountView {
  if (mounts.length === 0) return { env: {}, nodeArguments: [] };
  const viewed: ViewedMount[] = [];
  for (const { mountPath, directory, readOnly } of [...mounts].sort(
    (a, b) => a.mountPath.length - b.mountPath.length,
  )) {
    const named = normalize(mountPath).replace(/(?<=.)\/$/, '');
    const path = resolved(named);
    const parent = withParent(path, viewed, root);
    if (parent) viewed.push(parent);
    viewed.push({ paths: [...new Set([path, named])], directory: realpathSync(directory), readOnly });
  }
  const view: View = { mounts: viewed, diskFull };
  return {
    env: { [MOUNTS_VARIABLE]: JSON.stringify(view), NODE_OPTIONS: `--require ${quoted(PRELOAD)}` },
    nodeArguments: ['--require', PRELOAD],
  };
}

/** Where on this machine a container's path is, and whether it is only read there; null when it is in no mount. */
export function realPath(mounts: Mount[], path: string): { path: string; readOnly: boolean } | null {
  const around = mounts
    .filter(({ mountPath }) => pathWithin(mountPath, path) !== null)
    .sort((a, b) => b.mountPath.length - a.mountPath.length)[0];
  if (!around) return null;
  return { path: join(around.directory, relative(around.mountPath, path)), readOnly: around.readOnly };
}

/** What of a path follows after a folder, '' for itself; null where it is elsewhere. A name may begin with two dots, as `..data` does. */
export function pathWithin(folder: string, path: string): string | null {
  const rest = relative(folder, path);
  return rest === '..' || rest.startsWith('../') ? null : rest;
}

/** A path below links that this machine has, as `/var/run` is one: programs that resolve links find it at the other end. */
function resolved(path: string): string {
  const ancestor = existing(dirname(path));
  return join(realpathSync(ancestor), relative(ancestor, path));
}

/** The nearest folder that there is, of a folder and those above it. */
function existing(folder: string): string {
  return existsSync(folder) ? folder : existing(dirname(folder));
}

/** Sees to it that a mount has a folder to be in: in another mount, on this machine, or, then it is the answer, in `root`. */
function withParent(path: string, viewed: ViewedMount[], root: string): ViewedMount | undefined {
  const parent = dirname(path);
  const around = viewed.findLast(({ paths: [outer = ''] }) => `${parent}/`.startsWith(`${outer}/`));
  if (around) {
    if (!around.readOnly) mkdirSync(join(around.directory, relative(around.paths[0]!, parent)), { recursive: true });
    return undefined;
  }
  const ancestor = existing(parent);
  if (ancestor === parent) return undefined;
  mkdirSync(join(root, parent), { recursive: true });
  const top = join(ancestor, relative(ancestor, parent).split('/')[0]!);
  return { paths: [top], directory: realpathSync(join(root, top)), readOnly: false };
}

/** As NODE_OPTIONS takes it. */
function quoted(path: string): string {
  return `"${path.replace(/(["\\])/g, '\\$1')}"`;
}

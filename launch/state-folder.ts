import { accessSync, chmodSync, constants, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LaunchError } from './launch-error.mjs';

/** What we put there. A folder with other things in it and none of these is someone else's. */
const ours = ['lock', 'logs', 'kubeconfig'];

/**
 * Makes sure that the state folder is a folder, is ours, and can be written to. Creates it, with logs/ in it.
 *
 * @returns path of logs/
 * @throws LaunchError `bad-home`
 */
export function openStateFolder(home: string): string {
  const logs = join(home, 'logs');
  const refuse = (why: string, cause?: unknown) =>
    new LaunchError(
      'bad-home',
      `The state folder ${home} ${why}.`,
      'Mend that, or name another one: BREAKWATER_HOME=<folder> npm start.',
      { cause },
    );
  let entries: string[];
  try {
    makeFolder(home);
    accessSync(home, constants.R_OK | constants.W_OK | constants.X_OK);
    entries = readdirSync(home);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' || code === 'ENOTDIR') throw refuse('is a file, not a folder', error);
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') throw refuse('cannot be written to', error);
    throw refuse(`cannot be used: ${message}`, error);
  }
  if (entries.length > 0 && !ours.some((name) => entries.includes(name))) {
    throw refuse('has other things in it and no state of Breakwater');
  }
  try {
    mkdirSync(logs, { recursive: true });
    closeToOthers(home);
  } catch (error) {
    const broken = statSync(logs, { throwIfNoEntry: false })?.isFile();
    throw refuse(broken ? 'is broken: logs in it is a file' : `cannot be used: ${(error as Error).message}`, error);
  }
  return logs;
}

/** Databases, keys and the access code are nobody else's. Of root's, PostgreSQL passes through as the user it runs as, and lists nothing. */
function closeToOthers(home: string): void {
  chmodSync(home, process.getuid?.() === 0 ? 0o711 : 0o700);
  // Whoever may pass through knows what these are called.
  for (const name of ['logs', 'run', 'desired-state']) {
    const folder = join(home, name);
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) chmodSync(folder, 0o700);
  }
}

/** Folder by folder, for Node's own recursive way never ends where the system answers ENOENT, as under /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) {
    if (!statSync(path).isDirectory()) throw Object.assign(new Error(`${path} is a file`), { code: 'ENOTDIR' });
    return;
  }
  makeFolder(dirname(path));
  mkdirSync(path);
}

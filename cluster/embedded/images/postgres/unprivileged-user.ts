import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface UnprivilegedUser {
  uid: number;
  gid: number;
  /** Goes before a command that has to reach paths which are closed to this user; then the command itself drops to it. */
  wrapper: string[] | null;
}

/**
 * PostgreSQL refuses to run as root. For root, this is the user to run it as instead; null for everybody else.
 *
 * @param paths what the user has to reach
 */
export async function unprivilegedUser(paths: string[]): Promise<UnprivilegedUser | null> {
  if (process.getuid?.() !== 0) return null;
  const { uid, gid } = await userInPasswd(['postgres', 'nobody']);
  const closed = await firstClosed(paths, uid);
  if (!closed) return { uid, gid, wrapper: null };
  // A clone in /root, say: root's home lets nobody in. Linux can give a process root's way past file permissions, and
  // nothing else of root.
  try {
    await run('setpriv', ['--version']);
  } catch (cause) {
    throw new Error(
      `PostgreSQL cannot run as root, and the user it would run as (uid ${uid}) may not enter ${closed}. ` +
        'Run as another user, move the folder, or install setpriv (package util-linux).',
      { cause },
    );
  }
  const capability = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
  return { uid, gid, wrapper: ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', ...capability, '--'] };
}

/** initdb insists that its user has a name. */
async function userInPasswd(names: string[]): Promise<{ uid: number; gid: number }> {
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  for (const name of names) {
    const found = lines.find(([candidate]) => candidate === name);
    if (found) return { uid: Number(found[2]), gid: Number(found[3]) };
  }
  throw new Error(`PostgreSQL cannot run as root, and /etc/passwd has none of the users ${names.join(', ')}. Add one.`);
}

async function firstClosed(paths: string[], uid: number): Promise<string | null> {
  for (const path of paths) {
    for (let folder = path; ; folder = dirname(folder)) {
      const { mode, uid: owner } = await stat(folder);
      if (!(owner === uid ? mode & 0o100 : mode & 0o001)) return folder;
      if (folder === dirname(folder)) break;
    }
  }
  return null;
}

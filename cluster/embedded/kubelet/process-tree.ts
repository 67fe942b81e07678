import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Sends SIGKILL to a process group and to every descendant of its leader, also to those that left the group by setsid()
 * (as each backend of PostgreSQL does).
 */
export function killTree(leader: number): void {
  for (const pid of [leader, ...descendants(leader)]) {
    signal(-pid, 'SIGKILL');
    signal(pid, 'SIGKILL');
  }
}

/** The variable that tells the processes of one container, those too that have left its tree. */
const CONTAINER = 'BREAKWATER_CONTAINER';

/**
 * What a container's environment has besides, so that all that it has started is known.
 *
 * @param scratch the folder of its own, which no other has
 */
export function containerMark(scratch: string): Record<string, string> {
  return { [CONTAINER]: scratch };
}

/** The beginning of that mark, in an environment, of every container of a cluster that lives in `home`. */
export function clusterMark(home: string): string {
  return `${CONTAINER}=${join(home, 'pods')}/`;
}

/**
 * Sends SIGKILL to what a container has left behind that has ended: daemons have another parent by then, and are known by the variable in
 * the environment with which they were started. Nothing is found where there is no /proc.
 */
export function killLeftBehind(env: Record<string, string>): void {
  if (!env[CONTAINER]) return;
  // Again, for what they have started meanwhile; one that is dead has no environment any more.
  for (let tries = 0; tries < 3; tries++) {
    const left = processesWith(`${CONTAINER}=${env[CONTAINER]}\0`);
    if (left.length === 0) return;
    left.forEach(killTree);
  }
}

/** Those of this machine in whose environment this stands, from when they were started; none where there is no /proc. */
export function processesWith(text: string): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      return readFileSync(`/proc/${name}/environ`, 'latin1').includes(text) ? [Number(name)] : [];
    } catch {
      // It has just ended, or is not ours.
      return [];
    }
  });
}

/** Sends a signal; false when there is nobody left to get it. A negative pid is a process group. */
export function signal(pid: number, name: NodeJS.Signals | number): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    // macOS says EPERM of a group whose members are all dead and not yet buried.
    if ((error as NodeJS.ErrnoException).code === 'EPERM' && process.platform === 'darwin') return false;
    throw error;
  }
}

export function descendants(leader: number): number[] {
  const childrenOf = process.platform === 'linux' ? childrenFromProc : childrenFromPs();
  const found: number[] = [];
  for (let todo = [leader]; todo.length > 0;) {
    todo = todo.flatMap(childrenOf);
    found.push(...todo);
  }
  return found;
}

export function childrenFromProc(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return [];
    throw error;
  }
}

function childrenFromPs(): (pid: number) => number[] {
  const pairs = execFileSync('ps', ['-A', '-o', 'ppid=,pid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  return (pid) => pairs.filter(([parent]) => parent === pid).map(([, child]) => child!);
}

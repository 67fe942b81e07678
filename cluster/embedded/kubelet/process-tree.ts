import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

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

/** Sends a signal; false when there is nobody left to get it. A negative pid is a process group. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
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

export function descendants(
  leader: number,
  childrenOf = process.platform === 'linux' ? childrenFromProc : childrenFromPs(),
): number[] {
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

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { processIdentity } from '../cluster/embedded/kubelet/process-identity.ts';

/** A process we are to live with, and what tells it from a later one with its pid; null for one that is gone already. */
export interface Ancestor {
  pid: number;
  identity: string | null;
}

/** How often they are looked at. Elsewhere than on Linux a look costs a run of ps. */
const intervalMs = process.platform === 'linux' ? 100 : 400;

/**
 * The processes that a person ended if they ended "npm start": npm with the shell that it puts between; and those that
 * BREAKWATER_STARTER names, who are gone already if they went while the page was built: our launcher if it is not us, a test,
 * a benchmark. Started by hand, without npm, there is none: whoever did may leave.
 *
 *   a test ──▶ npm ──▶ sh -c "node launch/start.mjs" ──▶ start.mjs (Node 20) ──▶ us (Node 24)
 *
 * @param env of this process; BREAKWATER_STARTER has pids, with blanks between, the nearest last
 */
export function findAncestors(env: NodeJS.ProcessEnv, parent: number = process.ppid): Ancestor[] {
  const starters = (env.BREAKWATER_STARTER ?? '').split(' ').filter(Boolean).map(Number);
  const found = starters.map((pid): Ancestor => ({ pid, identity: processIdentity(pid) }));
  if (!env.npm_lifecycle_event) return found;
  const above = starters.at(-1) === parent ? parentOf(parent) : parent;
  const npm = isShell(commandOf(above)) ? [above, parentOf(above)] : [above];
  // Process 1 never goes before us.
  const others = npm.filter((pid) => pid > 1 && !starters.includes(pid));
  return [...found, ...others.map((pid): Ancestor => ({ pid, identity: processIdentity(pid) }))];
}

/**
 * Calls back once, when the first of them is gone.
 *
 * @returns stops watching
 */
export function watchAncestors(ancestors: Ancestor[], onLost: (lost: Ancestor) => void): () => void {
  const timer = setInterval(() => {
    const lost = ancestors.find(({ pid, identity }) => identity === null || processIdentity(pid) !== identity);
    if (!lost) return;
    clearInterval(timer);
    onLost(lost);
  }, intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}

function parentOf(pid: number): number {
  if (process.platform !== 'linux') return Number(ps(pid, 'ppid='));
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

function commandOf(pid: number): string[] {
  if (process.platform !== 'linux') return ps(pid, 'command=').split(' ');
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
}

function ps(pid: number, column: string): string {
  return execFileSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8' }).trim();
}

function isShell([program = '', option]: string[]): boolean {
  return /^-?(a|ba|da|k|z)?sh$/.test(basename(program)) && option === '-c';
}

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { processIdentity } from '../cluster/embedded/kubelet/process-identity.ts';

/** A process we were started by, and what tells it from a later one with its pid. */
export interface Ancestor {
  pid: number;
  identity: string;
}

/** How often they are looked at. Elsewhere than on Linux a look costs a run of ps. */
const intervalMs = process.platform === 'linux' ? 100 : 400;

/**
 * The processes that a person ended if they ended "npm start": our launcher if it is not us, and npm with the shell that
 * npm puts between. Started by hand, without npm, there is none: whoever did may leave.
 *
 *   npm ──▶ sh -c "node launch/start.mjs" ──▶ start.mjs (Node 20) ──▶ us (Node 24)
 *
 * @param env of this process; BREAKWATER_STARTER is the launcher's pid
 */
export function findAncestors(env: NodeJS.ProcessEnv, self: number = process.ppid): Ancestor[] {
  const found: Ancestor[] = [];
  let pid = self;
  const add = () => {
    const identity = processIdentity(pid);
    if (identity) found.push({ pid, identity });
  };
  if (env.BREAKWATER_STARTER === String(pid)) {
    add();
    pid = parentOf(pid);
  }
  if (!env.npm_lifecycle_event) return found;
  add();
  if (isShell(commandOf(pid))) {
    pid = parentOf(pid);
    add();
  }
  // Process 1 never goes before us.
  return found.filter((ancestor) => ancestor.pid > 1);
}

/**
 * Calls back once, when the first of them is gone.
 *
 * @returns stops watching
 */
export function watchAncestors(ancestors: Ancestor[], onLost: (lost: Ancestor) => void): () => void {
  const timer = setInterval(() => {
    const lost = ancestors.find(({ pid, identity }) => processIdentity(pid) !== identity);
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

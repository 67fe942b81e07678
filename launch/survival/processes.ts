import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { processIdentity } from '../../cluster/embedded/kubelet/process-identity.ts';

/** A process as /proc shows it. */
export interface RunningProcess {
  pid: number;
  parent: number;
  /** With blanks between its arguments. */
  command: string;
  identity: string;
}

/**
 * Every process that belongs to a run of Breakwater: all below one of its processes, and all that carry its state folder
 * in their environment or arguments, whoever is their parent by now. Linux only.
 */
export function processesOf(home: string, ancestor: number): RunningProcess[] {
  const all = everyProcess();
  const carriers = all.filter(({ mentions }) => mentions.includes(home)).map(({ pid }) => pid);
  return withDescendants(all, [ancestor, ...carriers]);
}

/** A process and all below it. Linux only. */
export function descendantsOf(pid: number): RunningProcess[] {
  return withDescendants(everyProcess(), [pid]);
}

type Seen = RunningProcess & { mentions: string };

function everyProcess(): Seen[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .map(read)
    .filter((found) => found !== null);
}

function withDescendants(all: Seen[], roots: number[]): RunningProcess[] {
  const ours = new Set(roots);
  for (let before = -1; before !== ours.size;) {
    before = ours.size;
    for (const { pid, parent } of all) if (ours.has(parent)) ours.add(pid);
  }
  ours.delete(process.pid);
  return all.filter(({ pid }) => ours.has(pid));
}

function read(pid: number): Seen | null {
  try {
    const identity = processIdentity(pid);
    if (!identity) return null;
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    return { pid, parent, command, identity, mentions: command + readFileSync(`/proc/${pid}/environ`, 'latin1') };
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return null; // It has just ended.
    throw error;
  }
}

/**
 * Waits until none of them runs any more.
 *
 * @returns ms it took
 * @throws Error naming those left when the time is up
 */
export async function allGone(processes: RunningProcess[], withinMs: number): Promise<number> {
  const since = performance.now();
  for (;;) {
    const left = processes.filter(({ pid, identity }) => processIdentity(pid) === identity);
    const ms = performance.now() - since;
    if (left.length === 0) return ms;
    if (ms > withinMs) {
      const names = left.map(({ pid, command }) => `${pid} ${command.slice(0, 120)}`).join('\n  ');
      throw new Error(
        `${left.length} of ${processes.length} processes are still there after ${withinMs} ms:\n  ${names}`,
      );
    }
    await delay(5);
  }
}

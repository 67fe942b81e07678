import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { descendants } from './process-tree.ts';
import { sleep } from './sleep.ts';

const checkEveryMs = 500;

/** Calls back when a process and its descendants hold more than `limit` bytes. */
export async function watchMemory(
  leader: number,
  limit: number,
  signal: AbortSignal,
  onExceed: () => void,
): Promise<void> {
  while (!signal.aborted) {
    await sleep(checkEveryMs, signal);
    if (!signal.aborted && memoryOf(leader) > limit) return onExceed();
  }
}

/**
 * Bytes that a process and its descendants hold for themselves. Pages of files, shared with everybody else who runs the same
 * program, do not count: they would not count against a container's limit either, after the first one.
 */
export function memoryOf(leader: number): number {
  return [leader, ...descendants(leader)].reduce((total, pid) => total + own(pid), 0);
}

function own(pid: number): number {
  if (process.platform !== 'linux') return residentFromPs(pid);
  try {
    const kilobytes = /^RssAnon:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kilobytes ?? 0) * 1024;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return 0;
    throw error;
  }
}

function residentFromPs(pid: number): number {
  try {
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).trim()) * 1024;
  } catch (error) {
    if ((error as { status?: number }).status === 1) return 0;
    throw error;
  }
}

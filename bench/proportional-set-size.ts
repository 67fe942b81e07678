import { readFileSync } from 'node:fs';

/** Memory of a process in kB, in which what it shares counts in part; 0 for one that has just ended. Linux only. */
export function proportionalSetSize(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return 0;
    throw error;
  }
}

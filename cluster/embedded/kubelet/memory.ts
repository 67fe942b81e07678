import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { childrenFromProc, descendants } from './process-tree.ts';
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
    try {
      const bytes = signal.aborted ? 0 : await memoryOf(leader);
      if (!signal.aborted && bytes > limit) return onExceed(); // it may have ended while it was looked at
    } catch (error) {
      console.error(`the memory of process ${leader} could not be read, trying again in ${checkEveryMs} ms:`, error);
    }
  }
}

/**
 * Bytes that a process and its descendants hold for themselves. Pages of files, shared with everybody else who runs the same
 * program, do not count: they would not count against a container's limit either, after the first one.
 */
async function memoryOf(leader: number): Promise<number> {
  const { childrenOf, bytesOf } = process.platform === 'linux' ? proc : await processTable();
  return [leader, ...descendants(leader, childrenOf)].reduce((total, pid) => total + bytesOf(pid), 0);
}

interface Processes {
  childrenOf(pid: number): number[];
  bytesOf(pid: number): number;
}

const proc: Processes = {
  childrenOf: childrenFromProc,
  bytesOf(pid) {
    try {
      const kilobytes = /^RssAnon:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      return Number(kilobytes ?? 0) * 1024;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ESRCH') return 0;
      throw error;
    }
  },
};

let latest: { askedAt: number; processes: Promise<Processes> } | null = null;

/** Where there is no /proc: one `ps` for all who ask within the same turn, beside the API's thread. */
function processTable(): Promise<Processes> {
  const now = performance.now();
  if (!latest || now - latest.askedAt > checkEveryMs / 2) latest = { askedAt: now, processes: askPs() };
  return latest.processes;
}

async function askPs(): Promise<Processes> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'ppid=,pid=,rss=']);
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  return {
    childrenOf: (pid) => rows.filter(([parent]) => parent === pid).map(([, child]) => child!),
    bytesOf: (pid) => (rows.find(([, own]) => own === pid)?.[2] ?? 0) * 1024,
  };
}

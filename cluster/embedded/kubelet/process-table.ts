import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Reaper } from '../reaper.ts';
import { processIdentity } from './process-identity.ts';
import { clusterMark, killTree, processesWith } from './process-tree.ts';

/** Every process that must not outlive the cluster: known to the reaper, and on disk for the next start. */
export interface ProcessTable {
  add(pid: number): void;
  delete(pid: number): void;
}

interface Entry {
  pid: number;
  /** Tells this process from a later one with its pid. */
  identity: string;
}

/** @param file where the table is kept between runs */
export function openProcessTable(file: string, reaper: Reaper): ProcessTable {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const entries = new Map<number, Entry>();
  let saved = true;
  const save = () => {
    try {
      writeFileSync(`${file}.new`, JSON.stringify([...entries.values()]));
      renameSync(`${file}.new`, file);
      saved = true;
    } catch (error) {
      // A full disk, say: the reaper has the list all the same, and the next change writes all of it.
      if (saved)
        console.error(`${file} could not be written; what is left over now, the next start does not know:`, error);
      saved = false;
    }
  };
  return {
    add(pid) {
      reaper.add(pid);
      const identity = processIdentity(pid);
      // Ended already; its exit will call delete.
      if (identity === null) return;
      entries.set(pid, { pid, identity });
      save();
    },
    delete(pid) {
      reaper.delete(pid);
      if (entries.delete(pid)) save();
    },
  };
}

/**
 * Kills what an earlier run has left behind, should even its reaper have been killed: what is in its table, and daemons that containers have
 * started. A pid that belongs to another process by now is left alone. Returns how many processes there were.
 *
 * @param home BREAKWATER_HOME, absolute
 */
export function endLeftovers(file: string, home: string): number {
  const alive = entriesIn(file).filter(({ pid, identity }) => processIdentity(pid) === identity);
  for (const { pid } of alive) killTree(pid);
  const daemons = processesWith(clusterMark(home));
  daemons.forEach(killTree);
  rmSync(file, { force: true });
  return alive.length + daemons.length;
}

function entriesIn(file: string): Entry[] {
  try {
    const read: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return Array.isArray(read) ? read.filter(isEntry) : [];
  } catch (error) {
    // No file, or the machine went down in the middle of a write; its processes are gone with it.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return [];
    throw new Error(`${file} cannot be read; remove it, or mend its permissions.`, { cause: error });
  }
}

function isEntry(value: unknown): value is Entry {
  const { pid, identity } = (value ?? {}) as Partial<Entry>;
  return typeof pid === 'number' && typeof identity === 'string';
}

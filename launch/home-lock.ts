import { linkSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { processIdentity } from '../cluster/embedded/kubelet/process-identity.ts';
import { LaunchError } from './launch-error.mjs';

interface Holder {
  pid: number;
  /** What tells it from a later process with its pid. */
  identity: string;
  /** Where its page is, once it knows. */
  url: string | null;
}

export interface HomeLock {
  /** Lets others who want the folder know where the page is. */
  announce(url: string): void;
  release(): void;
}

/**
 * Claims a state folder for this process: two clusters on one set of databases would destroy them. A lock left by a
 * process that is gone is taken over.
 *
 * @throws LaunchError `already-running`
 */
export function lockHome(home: string): HomeLock {
  const path = join(home, 'lock');
  const own = join(home, `lock.${process.pid}`);
  const holder: Holder = { pid: process.pid, identity: processIdentity(process.pid) ?? '', url: null };
  try {
    writeFileSync(own, JSON.stringify(holder));
    // Linking is the one step that only a single process can win.
    while (!link(own, path)) retire(path, own, home);
  } finally {
    rmSync(own, { force: true });
  }
  removeLeftovers(home);
  return {
    announce(url) {
      try {
        writeFileSync(own, JSON.stringify({ ...holder, url } satisfies Holder));
        renameSync(own, path);
      } catch (error) {
        rmSync(own, { force: true });
        // It is for whoever else wants the folder, and no reason to stop.
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    },
    release: () => rmSync(path, { force: true }),
  };
}

/** What starts that were killed had begun to write; other processes may be at it now. */
function removeLeftovers(home: string): void {
  for (const name of readdirSync(home)) {
    const [, pid] = /^(?:lock|kubeconfig)\.(\d+)(?:\.stale)?$/.exec(name) ?? [];
    if (pid && processIdentity(Number(pid)) === null) rmSync(join(home, name), { force: true });
  }
}

function link(own: string, path: string): boolean {
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Takes a stale lock away. */
function retire(path: string, own: string, home: string): void {
  refuseIfHeld(read(path), home);
  const aside = `${own}.stale`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return; // Another process was quicker.
    throw error;
  }
  // Between the two steps another process may have done the same and locked: then it was its lock that we moved.
  const moved = read(aside);
  if (moved && isAlive(moved)) link(aside, path);
  rmSync(aside, { force: true });
  refuseIfHeld(moved, home);
}

function refuseIfHeld(holder: Holder | null, home: string): void {
  if (!holder || !isAlive(holder)) return;
  throw new LaunchError(
    'already-running',
    `Breakwater already runs on ${home} (process ${holder.pid}${holder.url ? `, ${holder.url}` : ''}).`,
    `Use that one, stop it with "kill ${holder.pid}", or give a second one its own folder, and port if it has a page: BREAKWATER_HOME=<folder> PORT=<port>.`,
  );
}

function isAlive({ pid, identity }: Holder): boolean {
  return processIdentity(pid) === identity;
}

/** Null when there is none, or nothing that we wrote. */
function read(path: string): Holder | null {
  try {
    const holder = JSON.parse(readFileSync(path, 'utf8')) as Partial<Holder> | null;
    return typeof holder?.pid === 'number' && typeof holder.identity === 'string' ? (holder as Holder) : null;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

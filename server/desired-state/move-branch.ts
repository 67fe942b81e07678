import fs from 'node:fs';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import git from 'isomorphic-git';

/** git holds the lock for milliseconds. */
const tries = 50;
const pauseMs = 20;

/** Somebody else has committed since. */
class BranchMoved extends Error {}

/** Does again, on top of it, what somebody else's commit came between. */
export async function onTop<T>(task: () => Promise<T>): Promise<T> {
  for (let left = 3; ; left -= 1) {
    try {
      return await task();
    } catch (error) {
      if (left === 0 || !(error instanceof Error && error.cause instanceof BranchMoved)) throw error;
    }
  }
}

/**
 * Moves a branch as git does it: under its lock file, and only from the commit it is at. So no commit that somebody makes with git at
 * the same moment is lost. Throws Error where the branch is at another commit, or stays locked.
 */
export async function moveBranch(
  dir: string,
  branch: string,
  { from, to }: { from: string; to: string },
): Promise<void> {
  const file = join(dir, '.git/refs/heads', branch);
  const lock = `${file}.lock`;
  const handle = await locked(lock);
  try {
    const present = await git.resolveRef({ fs, dir, ref: `refs/heads/${branch}` });
    if (present !== from) throw new BranchMoved('somebody committed at the same moment; try again');
    await handle.writeFile(`${to}\n`);
    await handle.sync();
    await handle.close();
    await rename(lock, file);
  } catch (error) {
    await handle.close().catch(() => undefined); // it may be closed already
    await rm(lock, { force: true });
    throw error;
  }
}

async function locked(lock: string): Promise<FileHandle> {
  for (let left = tries; ; left -= 1) {
    try {
      return await open(lock, 'wx');
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
      const says = `somebody else is committing, or git was killed while it did; if no git runs there, delete ${lock}`;
      if (left === 0) throw new Error(says, { cause });
      await delay(pauseMs);
    }
  }
}

import { readdir, readlink } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** What the kernel may take to end a killed process. */
const goneWithinMs = 1_000;

/**
 * Kills what a server left behind that was itself killed: its processes have left its group and find out by themselves that it is gone,
 * one that computes only when it is done, and until then no other server starts on the data. They are known by the data folder, in which
 * each of them works. Does nothing where there is no /proc.
 *
 * @param data folder whose server is known to be gone
 */
export async function endOrphans(data: string): Promise<void> {
  if (process.platform !== 'linux') return;
  const end = performance.now() + goneWithinMs;
  for (let left = await processesIn(data); left.length > 0; left = await processesIn(data)) {
    for (const pid of left) kill(pid);
    if (performance.now() > end) return; // the server says itself what it waits for
    await delay(10);
  }
}

async function processesIn(folder: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const inside = await Promise.all(pids.map(async (pid) => (await workingFolder(pid)) === folder));
  return pids.filter((_, index) => inside[index]);
}

/** Null for one that has ended, or is none of ours. */
async function workingFolder(pid: number): Promise<string | null> {
  try {
    return await readlink(`/proc/${pid}/cwd`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES') return null;
    throw error;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

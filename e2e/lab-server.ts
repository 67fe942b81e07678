import { readdirSync, readFileSync } from 'node:fs';

/** Why a journey that needs the process of the lab server is skipped; false where it is not. */
export const cannotFindLabServer = process.platform === 'linux' ? false : 'The process is found through /proc.';

/** Pid of the lab server of the product the journeys share, as it is now; null while there is none. */
export function labServerPid(): number | null {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const found = pids.find((pid) => isLabServer(`/proc/${pid}`));
  return found === undefined ? null : Number(found);
}

function isLabServer(folder: string): boolean {
  try {
    const command = readFileSync(`${folder}/cmdline`, 'utf8').split('\0');
    if (!command.some((part) => part.endsWith('/server/main.ts'))) return false;
    const environment = readFileSync(`${folder}/environ`, 'utf8').split('\0');
    return environment.includes(`BREAKWATER_HOME=${process.env.BREAKWATER_TEST_HOME}`);
  } catch (error) {
    // It has just ended, or is none of ours.
    if (['ENOENT', 'ESRCH', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

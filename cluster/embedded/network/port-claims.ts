import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PORT_CLAIMS } from './directory.ts';

/** The preload claims a port of its pod with a file `<ip>:<port>` that holds its process id; what it leaves, we remove. */

/** A process of a pod is gone: its claim on this port is too, unless another has the port by now. */
export function removeClaim(directory: string, ip: string, port: number, pid: number): void {
  const file = join(directory, PORT_CLAIMS, `${ip}:${port}`);
  try {
    if (readFileSync(file, 'utf8') === String(pid)) rmSync(file);
  } catch (error) {
    // It ended in an orderly way and has removed it.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** A pod is gone: so are all claims on its address. */
export function removeClaims(directory: string, ip: string): void {
  const folder = join(directory, PORT_CLAIMS);
  for (const name of readdirSync(folder)) {
    if (name.startsWith(`${ip}:`)) rmSync(join(folder, name), { force: true });
  }
}

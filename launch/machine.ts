import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { freeMB } from '../cluster/disk-space.ts';
import { LaunchError } from './launch-error.mjs';

/** Where the lab server listens in any case. */
export const loopback = '127.0.0.1';

/** Tries at a port that is free at both places, where any will do. */
const maxTries = 20;

/** Any port below those that kernels give to connections and to whoever asks for any: none of them takes it before the lab server is up. */
const anyPort = () => randomInt(10_000, 30_000);

/**
 * Refuses to start on a machine that would soon swap or kill us.
 *
 * @throws LaunchError `too-little-memory`
 */
export function checkMemory(neededMB: number, availableMB = Math.floor(process.availableMemory() / 1024 ** 2)): void {
  if (availableMB >= neededMB) return;
  throw new LaunchError(
    'too-little-memory',
    `Breakwater needs ${neededMB} MB of free memory; this machine has ${availableMB} MB now.`,
    'Close something and try again, or set BREAKWATER_MEMORY_MB lower to try all the same.',
  );
}

/**
 * Refuses to start on a disk that would soon be full.
 *
 * @param home state folder; it need not exist yet
 * @throws LaunchError `disk-full`
 */
export function checkDisk(home: string, neededMB: number, free = freeMB(home)): void {
  if (free >= neededMB) return;
  throw new LaunchError(
    'disk-full',
    `The disk of ${home} is full: Breakwater needs ${neededMB} MB there, and ${free} MB are free.`,
    'Free some space, or name a folder on another disk: BREAKWATER_HOME=<folder> npm start (BREAKWATER_DISK_MB lowers what is asked).',
  );
}

/**
 * Makes sure that the lab server can listen there, and at the loopback, where pods and we find it whatever the address.
 *
 * @param port 0 for any free one
 * @param pick what is tried for 0
 * @returns the port, which stays the same over restarts
 * @throws LaunchError `port-taken`, `bad-address`
 */
export async function findPort(host: string, port: number, pick = anyPort): Promise<number> {
  for (let tries = 1; ; tries++) {
    try {
      return await freePort(loopback, await freePort(host, port || pick()));
    } catch (error) {
      const taken = error instanceof LaunchError && error.code === 'port-taken';
      if (port !== 0 || !taken || tries === maxTries) throw error;
    }
  }
}

async function freePort(host: string, port: number): Promise<number> {
  const server = createServer();
  try {
    return await new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port, exclusive: true }, () => resolve((server.address() as { port: number }).port));
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      const action = `Stop what uses it, or choose another one: PORT=${port < 65_000 ? port + 100 : 4000} npm start.`;
      throw new LaunchError('port-taken', `Port ${port} of ${host} is taken.`, action, { cause: error });
    }
    const action = 'Set PORT to one from 1024 to 65535, and HOST to an address of this machine such as 127.0.0.1.';
    throw new LaunchError('bad-address', `Nothing can listen on port ${port} of ${host}: ${message}.`, action, {
      cause: error,
    });
  } finally {
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  }
}

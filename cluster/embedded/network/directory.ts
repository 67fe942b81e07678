import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processIdentity } from '../kubelet/process-identity.ts';

export const CONTROL_SOCKET = 'control';
export const PORT_CLAIMS = 'ports';
/** In the folder: the process it is of, so that one which was left behind is known by any later start. */
const OWNER = 'owner';

/** A Unix socket's path may have no more bytes than this on macOS (sun_path, with its NUL); Linux allows four more. */
const LONGEST_SOCKET_PATH = 103;

/**
 * The folder through which pods find the network, outside BREAKWATER_HOME since that may be a long path. Containers may
 * run as other users when we are root: then they may pass through, but not list it.
 *
 * Folders of clusters that were killed go with it, whatever their home was: it may be gone, or never be started again.
 */
export function makeNetworkDirectory(): string {
  const longest = join(tmpdir(), 'breakwater-XXXXXX', CONTROL_SOCKET);
  const parent = Buffer.byteLength(longest) <= LONGEST_SOCKET_PATH ? tmpdir() : '/tmp';
  removeAbandoned(parent);
  const directory = mkdtempSync(join(parent, 'breakwater-'));
  writeFileSync(join(directory, OWNER), `${process.pid} ${processIdentity(process.pid)}`);
  mkdirSync(join(directory, PORT_CLAIMS));
  if (process.getuid?.() === 0) {
    chmodSync(directory, 0o711);
    chmodSync(join(directory, PORT_CLAIMS), 0o1777);
  }
  return directory;
}

/**
 * Removes the folder, what says whose it is last: whoever does so at the end of a cluster may be killed in the middle of it, as the data plane by
 * the reaper, and no later start would know what is left.
 */
export function removeNetworkDirectory(directory: string): void {
  // Two starts may be at it at the same time, or a pod that has not ended yet writes into it: each stops where the other was faster. What is
  // left then is for the next start.
  for (let tries = 0; tries < 5 && existsSync(directory); tries++) {
    try {
      for (const name of [PORT_CLAIMS, CONTROL_SOCKET]) rmSync(join(directory, name), { recursive: true, force: true });
      rmSync(directory, { recursive: true, force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
    }
  }
}

/** The data plane takes the folder along when it ends; one that was killed together with us could not. */
function removeAbandoned(parent: string): void {
  for (const name of readdirSync(parent)) {
    if (!/^breakwater-\w{6}$/.test(name)) continue;
    const directory = join(parent, name);
    const owner = ownerOf(directory);
    if (owner && processIdentity(owner.pid) !== owner.identity) removeNetworkDirectory(directory);
  }
}

/** Null for what is not a folder of ours: another user's, one without the file, one that goes while we look. */
function ownerOf(directory: string): { pid: number; identity: string } | null {
  const file = join(directory, OWNER);
  const owner = statSync(file, { throwIfNoEntry: false })?.uid;
  if (owner === undefined || owner !== (process.getuid?.() ?? owner)) return null;
  const [, pid, identity] = /^(\d+) (.+)$/.exec(read(file)) ?? [];
  return pid && identity ? { pid: Number(pid), identity } : null;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

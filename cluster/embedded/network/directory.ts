import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const CONTROL_SOCKET = 'control';
export const PORT_CLAIMS = 'ports';
/** In BREAKWATER_HOME: whose folder it is, so that a folder that was left behind is found. */
const RECORD = 'network-directory.json';

/** A Unix socket's path may have no more bytes than this on macOS (sun_path, with its NUL); Linux allows four more. */
const LONGEST_SOCKET_PATH = 103;

/**
 * The folder through which pods find the network, outside BREAKWATER_HOME since that may be a long path. Containers may
 * run as other users when we are root: then they may pass through, but not list it.
 */
export function makeNetworkDirectory(home: string): string {
  mkdirSync(home, { recursive: true });
  removeLeftover(join(home, RECORD));
  const longest = join(tmpdir(), 'breakwater-XXXXXX', CONTROL_SOCKET);
  const parent = Buffer.byteLength(longest) <= LONGEST_SOCKET_PATH ? tmpdir() : '/tmp';
  const directory = mkdtempSync(join(parent, 'breakwater-'));
  mkdirSync(join(directory, PORT_CLAIMS));
  if (process.getuid?.() === 0) {
    chmodSync(directory, 0o711);
    chmodSync(join(directory, PORT_CLAIMS), 0o1777);
  }
  const record = join(home, RECORD);
  writeFileSync(`${record}.new`, JSON.stringify({ pid: process.pid, directory }));
  renameSync(`${record}.new`, record); // in one step: a half-written one would be read by the next start
  return directory;
}

/** The data plane takes the folder along when it ends; one that was killed together with us could not. */
function removeLeftover(record: string): void {
  if (!existsSync(record)) return;
  const left = read(record);
  if (!left) return;
  const { pid, directory } = left;
  if (isRunning(pid) && pid !== process.pid) return;
  if (existsSync(join(directory, PORT_CLAIMS))) rmSync(directory, { recursive: true, force: true });
}

/** Null when the file is not whole: the machine went down while it was written, and what it named is gone with /tmp or stays there. */
function read(record: string): { pid: number; directory: string } | null {
  try {
    const { pid, directory } = JSON.parse(readFileSync(record, 'utf8')) as { pid?: unknown; directory?: unknown };
    return typeof pid === 'number' && typeof directory === 'string' ? { pid, directory } : null;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return null;
    throw new Error(`${record} cannot be read; remove it, or mend its permissions.`, { cause: error });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

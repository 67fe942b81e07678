import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const CONTROL_SOCKET = 'control';
export const PORT_CLAIMS = 'ports';

/** A Unix socket's path may have no more bytes than this on macOS (sun_path, with its NUL); Linux allows four more. */
const LONGEST_SOCKET_PATH = 103;

/**
 * The folder through which pods find the network, outside BREAKWATER_HOME since that may be a long path. Containers may
 * run as other users when we are root: then they may pass through, but not list it.
 */
export function makeNetworkDirectory(): string {
  const longest = join(tmpdir(), 'breakwater-XXXXXX', CONTROL_SOCKET);
  const parent = Buffer.byteLength(longest) <= LONGEST_SOCKET_PATH ? tmpdir() : '/tmp';
  const directory = mkdtempSync(join(parent, 'breakwater-'));
  mkdirSync(join(directory, PORT_CLAIMS));
  if (process.getuid?.() === 0) {
    chmodSync(directory, 0o711);
    chmodSync(join(directory, PORT_CLAIMS), 0o1777);
  }
  return directory;
}

/** Which file stands for "this port of this pod is taken"; the preload makes and removes them. */
export function removeClaims(directory: string, ip: string): void {
  const folder = join(directory, PORT_CLAIMS);
  for (const name of readdirSync(folder)) {
    if (name.startsWith(`${ip}:`)) rmSync(join(folder, name), { force: true });
  }
}

// @ts-check
import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { LaunchError } from './launch-error.mjs';

/** The first release that runs our TypeScript as it is and has the APIs we use. */
const OLDEST = 24;

/**
 * The Node everything else runs on: the one that npm installed with the packages, else ours if it is new enough.
 *
 * @param {string} root
 * @returns {{ path: string, version: string }} version without the `v`
 * @throws {LaunchError} `no-node`
 */
export function pinnedNode(root) {
  const pinned = join(root, 'node_modules', '.bin', 'node');
  if (existsSync(pinned)) {
    if (realpathSync(pinned) === realpathSync(process.execPath))
      return { path: pinned, version: process.versions.node };
    // It may be there and not run, as a glibc build on musl.
    const answer = spawnSync(pinned, ['--version'], { encoding: 'utf8' });
    if (answer.status === 0 && major(answer.stdout) >= OLDEST)
      return { path: pinned, version: answer.stdout.trim().slice(1) };
  }
  if (major(process.version) >= OLDEST) return { path: process.execPath, version: process.versions.node };
  throw new LaunchError(
    'no-node',
    `Breakwater runs on Node ${OLDEST}; this is ${process.version}, and the package with Node ${OLDEST} for ${process.platform}-${process.arch} is not installed.`,
    `Run "npm ci --include=optional", or install Node ${OLDEST}.`,
  );
}

/** @param {string} version like `v24.1.0` */
function major(version) {
  return Number(/^v(\d+)\./.exec(version.trim())?.[1] ?? 0);
}

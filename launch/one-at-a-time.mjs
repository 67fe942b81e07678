// @ts-check
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** How often another start is looked after, in ms. */
const LOOK_MS = 300;

/**
 * Does what changes the clone itself, unless another start is at it: then once that has ended, however it has. Several clusters may be
 * started from one clone, and two at work in one folder destroy each other's.
 *
 * @template T
 * @param {string} root of the clone
 * @param {string} name of the lock, below .breakwater
 * @param {() => void} onWait called each time another is found at it
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function oneAtATime(root, name, onWait, work) {
  const folder = join(root, '.breakwater');
  const path = join(folder, `${name}.lock`);
  mkdirSync(folder, { recursive: true });
  while (!take(path)) {
    onWait();
    await wait(LOOK_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

/**
 * Whether the lock is ours now. One whose holder is gone is taken away first.
 *
 * @param {string} path
 */
function take(path) {
  const own = `${path}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    // Linking is the one step that only a single process can win.
    linkSync(own, path);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    if (!holderIsAlive(path)) rmSync(path, { force: true });
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

/** @param {string} path */
function holderIsAlive(path) {
  try {
    process.kill(Number(readFileSync(path, 'utf8')), 0);
    return true;
  } catch (error) {
    // Of another user is alive too.
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

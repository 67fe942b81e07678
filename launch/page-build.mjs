// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { LaunchError } from './launch-error.mjs';
import { oneAtATime } from './one-at-a-time.mjs';
import { runTool } from './tool.mjs';

/** What the page is built from: these folders, and at the top the lock file and what matches SOURCE_FILE. */
const SOURCE_FOLDERS = [
  'app',
  'components',
  'labs',
  'public',
  join('server', 'contract'),
  join('cluster', 'shop', 'manifests', 'base'),
];
const SOURCE_FILE = /^(next\.config|postcss\.config|package-lock|tsconfig)\.[a-z]+$/;

/**
 * Fingerprint of all that the built page depends on.
 *
 * @param {string} root
 * @returns {string} SHA-256 in hex
 */
export function hashPageSources(root) {
  const hash = createHash('sha256');
  const add = (/** @type {string} */ path) =>
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(root, path)))
      .update('\0');
  readdirSync(root)
    .filter((name) => SOURCE_FILE.test(name))
    .sort()
    .forEach(add);
  for (const folder of SOURCE_FOLDERS) {
    if (!existsSync(join(root, folder))) continue;
    const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name));
    files
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
      .sort()
      .forEach(add);
  }
  return hash.digest('hex');
}

/**
 * Builds the page into .next, unless what is there was built from these very sources.
 *
 * @param {string} root
 * @param {string} node
 * @param {import('./phases.mjs').Phases} phases
 * @throws {LaunchError} `build-failed`
 */
export async function buildPage(root, node, phases) {
  const phase = phases.begin('page');
  const sources = hashPageSources(root);
  const stamp = join(root, '.next', 'sources.sha256');
  const isBuilt = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === sources;
  if (isBuilt()) return phase.done('built');
  const waiting = () => phase.progress('another start builds it');
  await oneAtATime(root, 'page', waiting, async () => {
    if (isBuilt()) return phase.done('built by another start');
    await build(root, node, phases, phase);
    compressPage(join(root, '.next', 'page'));
    writeFileSync(stamp, sources);
    phase.done('built anew');
  });
}

/**
 * Puts `FILE.gz` beside each file of text, for browsers that take it: nothing is compressed at run time.
 *
 * @param {string} folder
 */
export function compressPage(folder) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(css|html|js|svg|txt)$/.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
  }
}

/**
 * @param {string} root
 * @param {string} node
 * @param {import('./phases.mjs').Phases} phases
 * @param {import('./phases.mjs').Phase} phase
 */
async function build(root, node, phases, phase) {
  phase.progress('building');
  const next = join(root, 'node_modules', 'next', 'dist', 'bin', 'next');
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' };
  const { code, tail } = await runTool(node, [next, 'build'], {
    cwd: root,
    env,
    onLine: (line) => line.trim() && phase.progress(line.replace(/\s+/g, ' ').trim().slice(0, 44)),
  });
  if (code !== 0) {
    phase.failed();
    for (const line of tail) phases.line(`    ${line}`);
    const action = 'Mend what the lines above name, then run the command again.';
    throw new LaunchError('build-failed', `Building the page with "next build" in ${root} failed.`, action);
  }
}

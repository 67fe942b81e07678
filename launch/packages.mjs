// @ts-check
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LaunchError } from './launch-error.mjs';
import { oneAtATime } from './one-at-a-time.mjs';
import { runTool } from './tool.mjs';

/**
 * @typedef {object} LockedPackage
 * @property {string} [version]
 * @property {string} [integrity]
 * @property {boolean} [optional]
 * @property {boolean} [link]
 * @property {string[]} [os] where it runs; absent means everywhere
 * @property {string[]} [cpu]
 *
 * @typedef {{ packages: Record<string, LockedPackage> }} Lock
 */

/**
 * Whether node_modules holds what the lock file asks for. npm itself writes down what it installed, as its last step, in
 * node_modules/.package-lock.json: an installation that was broken off has none, and one made by hand counts too.
 *
 * @param {Lock} wanted package-lock.json
 * @param {Lock | null} installed node_modules/.package-lock.json
 */
export function isInstalled(wanted, installed) {
  if (!installed) return false;
  return Object.entries(wanted.packages).every(([path, { version, integrity, optional, link }]) => {
    if (path === '' || link) return true;
    const found = installed.packages[path];
    if (!found) return optional === true; // Of another platform.
    return found.version === version && found.integrity === integrity;
  });
}

/**
 * Installs what the lock file asks for, unless it is there. No package's script runs.
 *
 * @param {string} root
 * @param {import('./phases.mjs').Phases} phases
 * @throws {LaunchError} `install-failed`
 */
export async function installPackages(root, phases) {
  const phase = phases.begin('packages');
  const wanted = readLock(join(root, 'package-lock.json'));
  if (!wanted) {
    phase.failed();
    throw new LaunchError(
      'install-failed',
      `${join(root, 'package-lock.json')} is missing.`,
      'Clone the repository again.',
    );
  }
  const isThere = () => isInstalled(wanted, readLock(join(root, 'node_modules', '.package-lock.json')));
  if (isThere()) return phase.done('up to date');
  const waiting = () => phase.progress('another start installs them');
  await oneAtATime(root, 'packages', waiting, async () => {
    if (isThere()) phase.done('installed by another start');
    else await install(root, wanted, phase);
  });
}

/**
 * @param {string} root
 * @param {Lock} wanted
 * @param {import('./phases.mjs').Phase} phase
 */
async function install(root, wanted, phase) {
  const total = Object.entries(wanted.packages).filter(([path, entry]) => path && fitsHere(entry)).length;
  let lookedUp = 0;
  let fetched = 0;
  const npm = npmCommand(process.env);
  // The log level makes npm report each package it fetches: the only progress it gives to a program.
  const args = [...npm.args, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=http'];
  let reason = '';
  const { code } = await runTool(npm.command, args, {
    cwd: root,
    onLine(line) {
      const request = /http (?:fetch GET 200|cache) (\S+)/.exec(line)?.[1];
      if (request?.endsWith('.tgz')) phase.progress(`npm ci, ${Math.min((fetched += 1), total)} of ${total} fetched`);
      else if (request && !fetched) phase.progress(`npm ci, ${Math.min((lookedUp += 1), total)} of ${total} looked up`);
      reason ||= npmReason(line);
    },
  });
  if (code === 0) return phase.done(`${total} installed`);

  phase.failed();
  throw new LaunchError(
    'install-failed',
    `Installing packages with "npm ci" in ${root} failed: ${reason || `exit code ${code}.`}`,
    'Check the network and the free disk space, then run the command again.',
  );
}

/** @param {LockedPackage} entry */
function fitsHere({ os, cpu }) {
  return (!os || os.includes(process.platform)) && (!cpu || cpu.includes(process.arch));
}

/**
 * What went wrong, from a line of npm's: its first error that is a sentence. After that come help and paths of logs.
 *
 * @param {string} line
 */
export function npmReason(line) {
  const said = /^npm (?:error|ERR!) (?!code|errno|syscall|path|dest)(.*\S)/.exec(line)?.[1] ?? '';
  return said && !said.endsWith('.') ? `${said}.` : said;
}

/**
 * The npm that started us, run by the node that runs us; else the one in PATH.
 *
 * @param {Record<string, string | undefined>} env
 */
function npmCommand(env) {
  const started = env.npm_execpath;
  if (started && /npm-cli\.c?js$/.test(started) && existsSync(started))
    return { command: process.execPath, args: [started] };
  return { command: 'npm', args: [] };
}

/**
 * @param {string} path
 * @returns {Lock | null} null when there is none
 */
function readLock(path) {
  if (!existsSync(path)) return null;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const action = 'Delete node_modules, bring package-lock.json back with git, and run the command again.';
    throw new LaunchError('install-failed', `${path} is not JSON.`, action, { cause });
  }
}

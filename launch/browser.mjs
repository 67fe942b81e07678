// @ts-check
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { LaunchError } from './launch-error.mjs';
import { runTool } from './tool.mjs';

/**
 * @typedef {object} Browser
 * @property {string} path of the executable
 * @property {string} from how it was found, for people
 */

/** Names under which distributions and people install it, best first. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** Where macOS keeps applications that PATH does not know. */
const APPLICATIONS = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * Arguments to start it with: nothing but our page is to be asked for, and as root it refuses to run in its sandbox.
 *
 * @returns {string[]}
 */
export function browserArguments() {
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
  return process.getuid?.() === 0 ? [...quiet, '--no-sandbox'] : quiet;
}

/**
 * A Chromium to test in: the machine's own, else Playwright's, else Playwright's downloaded now, else the distribution's
 * package where we may install it.
 *
 * @param {string} root
 * @param {string} node
 * @param {(detail: string) => void} onProgress
 * @returns {Promise<Browser>}
 * @throws {LaunchError} `no-browser`
 */
export async function findBrowser(root, node, onProgress) {
  const named = process.env.BREAKWATER_BROWSER;
  if (named) {
    if (isExecutable(named)) return { path: named, from: 'BREAKWATER_BROWSER' };
    throw new LaunchError(
      'no-browser',
      `BREAKWATER_BROWSER names ${named}, which cannot be run.`,
      'Mend it or leave it out.',
    );
  }
  const own = machinesOwn(process.env.PATH ?? '');
  if (own) return { path: own, from: "the machine's own" };

  const playwrights = playwrightsPath(root, node);
  if (playwrights && isExecutable(playwrights)) return { path: playwrights, from: "Playwright's" };

  onProgress("downloading Playwright's");
  const cli = join(root, 'node_modules', 'playwright', 'cli.js');
  const download = await runTool(node, [cli, 'install', 'chromium'], { cwd: root, timeoutMs: 300_000 });
  if (download.code === 0 && playwrights && isExecutable(playwrights))
    return { path: playwrights, from: "Playwright's, downloaded" };

  if (process.getuid?.() === 0 && lookUp('apt-get', process.env.PATH ?? '')) {
    onProgress("installing the distribution's");
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await runTool('apt-get', ['update'], { cwd: root, env, timeoutMs: 180_000 });
    await runTool('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], {
      cwd: root,
      env,
      timeoutMs: 600_000,
    });
    const installed = machinesOwn(process.env.PATH ?? '');
    if (installed) return { path: installed, from: "the distribution's package, installed" };
  }
  throw new LaunchError(
    'no-browser',
    'The page tests need a Chromium, and none was found or could be fetched.',
    'Install Chromium or Google Chrome, or name one: BREAKWATER_BROWSER=<path> npm test.',
  );
}

/** @param {string} path list of folders, as in PATH */
export function machinesOwn(path) {
  for (const name of NAMES) {
    const found = lookUp(name, path);
    if (found) return found;
  }
  return APPLICATIONS.find(isExecutable);
}

/**
 * @param {string} name
 * @param {string} path
 */
function lookUp(name, path) {
  const folders = path.split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/**
 * Where the installed Playwright would have its Chromium.
 *
 * @param {string} root
 * @param {string} node
 */
function playwrightsPath(root, node) {
  if (!existsSync(join(root, 'node_modules', 'playwright'))) return undefined;
  const code = "process.stdout.write(require('playwright').chromium.executablePath())";
  return spawnSync(node, ['-e', code], { cwd: root, encoding: 'utf8' }).stdout;
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch (error) {
    if (['ENOENT', 'EACCES', 'ENOTDIR'].includes(/** @type {NodeJS.ErrnoException} */ (error).code ?? '')) return false;
    throw error;
  }
}

// @ts-check
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBrowser } from './browser.mjs';
import { buildPage } from './page-build.mjs';
import { runTool } from './tool.mjs';

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 *
 * @typedef {object} Workplace what every stage is given
 * @property {string} root
 * @property {string} node
 * @property {import('./phases.mjs').Phases} phases
 * @property {(line: string) => void} print
 *
 * @typedef {object} Stage
 * @property {string} name as given on the command line
 * @property {string} title
 * @property {(workplace: Workplace) => Promise<Counts>} run
 */

/**
 * Unit and integration tests wait as much as they reckon, those of launch/survival more: three and two files keep two cores busy.
 * Those in launch/alone measure how well customers are served, and have the machine for themselves.
 */
const UNIT = ['{app,bench,cluster,components,labs,scripts,server}/**/*.test.ts', 'launch/*.test.ts'];
const SURVIVAL = ['launch/survival/*.test.ts'];
const ALONE = ['launch/alone/*.test.ts'];

/** @type {Stage[]} */
export const stages = [
  { name: 'types', title: 'type check', run: (at) => check(at, 'typescript/bin/tsc', ['--project', '.', '--noEmit']) },
  { name: 'lint', title: 'lint', run: lint },
  { name: 'unit', title: 'unit and integration tests', run: (at) => nodeTests(at, UNIT, 3) },
  { name: 'survival', title: 'process tests', run: processTests },
  { name: 'e2e', title: 'page tests', run: pageTests },
];

/** @param {Workplace} at */
async function lint(at) {
  const eslint = ['.', '--max-warnings=0', '--cache', '--cache-location', 'node_modules/.cache/eslint/'];
  const tools = [
    check(at, 'eslint/bin/eslint.js', eslint),
    check(at, 'prettier/bin/prettier.cjs', ['--check', '--log-level=warn', '.']),
    check(at, 'dependency-cruiser/bin/dependency-cruise.mjs', ['--config', '.dependency-cruiser.mjs', '.']),
    check(at, 'knip/bin/knip.js', ['--no-progress', '--no-config-hints']),
  ];
  return (await Promise.all(tools)).reduce(add);
}

/**
 * A tool whose exit code is its verdict: one test. Its output shows only if it fails.
 *
 * @param {Workplace} at
 * @param {string} tool path inside node_modules
 * @param {string[]} args
 * @returns {Promise<Counts>}
 */
async function check({ root, node, print }, tool, args) {
  /** @type {string[]} */
  const lines = [];
  const onLine = (/** @type {string} */ line) => lines.push(line);
  const { code } = await runTool(node, [join(root, 'node_modules', tool), ...args], { cwd: root, onLine });
  if (code === 0) return { passed: 1, failed: 0, skipped: 0 };
  for (const line of lines) print(`  ${line}`);
  print(`  ✗ ${tool.split('/')[0]}`);
  return { passed: 0, failed: 1, skipped: 0 };
}

/**
 * @param {Workplace} at
 * @param {string[]} globs
 * @param {number} concurrency files at once
 */
async function nodeTests({ root, node, print }, globs, concurrency) {
  return withResult(async (file) => {
    const reporter = join(root, 'launch', 'test-reporter.mjs');
    const options = [`--test-reporter=${reporter}`, `--test-concurrency=${concurrency}`, '--test-timeout=180000'];
    // Most files run for less time than their types take to be stripped, and most clusters of tests start in a new home.
    const NODE_COMPILE_CACHE = join(root, 'node_modules', '.cache', 'compile');
    const env = { ...process.env, NODE_COMPILE_CACHE, BREAKWATER_TEST_RESULT: file };
    const args = ['--disable-warning=ExperimentalWarning', '--test', ...options, ...globs];
    return runTool(node, args, { cwd: root, env, onLine: print });
  }, print);
}

/** @param {Workplace} at */
async function processTests(at) {
  return add(await nodeTests(at, SURVIVAL, 2), await nodeTests(at, ALONE, 1));
}

/** @param {Workplace} at */
async function pageTests({ root, node, phases, print }) {
  await buildPage(root, node, phases);
  const phase = phases.begin('browser');
  const browser = await findBrowser(root, node, phase.progress).catch((error) => {
    phase.failed();
    throw error;
  });
  phase.done(`${browser.path} (${browser.from})`);
  return withResult(async (file) => {
    const env = { ...process.env, BREAKWATER_BROWSER: browser.path, BREAKWATER_TEST_RESULT: file, FORCE_COLOR: '0' };
    const cli = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
    return runTool(node, [cli, 'test', '--config', 'e2e/playwright.config.ts'], { cwd: root, env, onLine: print });
  }, print);
}

/**
 * Runs a test runner that leaves its counts in a file as JSON. One that leaves none, or fails with no failing test, counts
 * as a failure itself.
 *
 * @param {(file: string) => Promise<import('./tool.mjs').ToolResult>} run
 * @param {(line: string) => void} print
 * @returns {Promise<Counts>}
 */
async function withResult(run, print) {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-test-'));
  try {
    const file = join(folder, 'result.json');
    const { code } = await run(file);
    /** @type {Counts} */
    const counts = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { passed: 0, failed: 0, skipped: 0 };
    if (code !== 0 && counts.failed === 0) {
      print(`  ✗ the test runner ended with ${code === null ? 'a signal' : `exit code ${code}`}`);
      counts.failed = 1;
    }
    return counts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {Counts} a
 * @param {Counts} b
 * @returns {Counts}
 */
export function add(a, b) {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

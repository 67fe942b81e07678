// @ts-check
// `npm start`, and with the argument `cluster` `npm run cluster`. Plain JavaScript that runs on Node 20 with nothing installed:
// it brings packages, the Node they pin and the page up to date, then hands over to the supervisor.
import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import nodeModule from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CLUSTER_HELP, readCommand } from './command.mjs';
import { describeFailure } from './launch-error.mjs';
import { installPackages } from './packages.mjs';
import { buildPage } from './page-build.mjs';
import { createPhases } from './phases.mjs';
import { pinnedNode } from './pinned-node.mjs';
import { readSettings } from './settings.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const compileCache = join(root, 'node_modules', '.cache', 'compile');

// Whoever reads our output may leave; the lab goes on.
process.stdout.on('error', ignoreClosedPipe);
process.stderr.on('error', ignoreClosedPipe);

try {
  // A bad one must not wait for an installation to be told.
  const command = readCommand(process.argv.slice(2));
  readSettings(process.env, root);
  if (command.help) process.stdout.write(CLUSTER_HELP);
  else await start(command);
} catch (error) {
  process.stderr.write(`${describeFailure(error)}\n`);
  process.exitCode = 1;
}

/** @param {import('./command.mjs').Command} command */
async function start(command) {
  const phases = createPhases(process.stdout);
  await installPackages(root, phases);
  const node = pinnedNode(root);
  if (command.what === 'lab') await buildPage(root, node.path, phases);
  if (realpathSync(node.path) === realpathSync(process.execPath)) {
    // Without it each start strips the types anew, which also takes 18 MB for as long as the supervisor lives.
    nodeModule.enableCompileCache(compileCache);
    // Named by a variable, for this file is checked and run where its TypeScript cannot be.
    const supervisor = './supervisor.ts';
    const { supervise } = await import(supervisor);
    await supervise(root, phases, command);
  } else {
    handOver(node.path);
  }
}

/**
 * Runs the rest on the pinned Node, and lives as long as it does. Of a terminal's Ctrl-C it hears twice, which is as well.
 *
 * @param {string} node
 */
function handOver(node) {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url));
  const args = ['--disable-warning=ExperimentalWarning', main, ...process.argv.slice(2)];
  // It lives with us, and with whoever we were told to live with.
  const BREAKWATER_STARTER = [process.env.BREAKWATER_STARTER, process.pid].filter(Boolean).join(' ');
  const env = { ...process.env, NODE_COMPILE_CACHE: compileCache, BREAKWATER_STARTER };
  const child = spawn(node, args, { cwd: root, stdio: 'inherit', env });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`${describeFailure(error)}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code) => process.exit(code ?? 1));
}

/** @param {NodeJS.ErrnoException} error */
function ignoreClosedPipe(error) {
  if (error.code !== 'EPIPE') throw error;
}

// @ts-check
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * @typedef {object} ToolResult
 * @property {number | null} code null when a signal ended it
 * @property {string[]} tail its last lines, both streams
 *
 * @typedef {object} ToolOptions
 * @property {string} cwd
 * @property {NodeJS.ProcessEnv} [env] in place of ours
 * @property {(line: string) => void} [onLine] each line of both streams
 * @property {number} [timeoutMs]
 */

/** Waits for our end of the pipe to close; unless the tool was done by then, kills its whole group. */
const GUARD = 'read -r group && { read -r done || kill -KILL "-$group"; }';

/** Lines kept for a message about a failure. */
const TAIL = 40;

/**
 * Runs an installer, compiler or test runner to its end. It gets a process group of its own, and a shell that ends that
 * group when this process is gone, however it went: a build must not go on behind the back of whoever killed the start.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {ToolOptions} options
 * @returns {Promise<ToolResult>}
 */
export function runTool(command, args, { cwd, env = process.env, onLine, timeoutMs }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    child.once('error', reject);
    if (child.pid === undefined) return;
    const group = child.pid;

    const guard = spawn('sh', ['-c', GUARD], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    guard.stdin.on('error', reject).write(`${group}\n`);
    const interrupt = (/** @type {NodeJS.Signals} */ signal) => {
      endGroup(group, 'SIGKILL');
      process.exit(signal === 'SIGINT' ? 130 : 143);
    };
    for (const signal of SIGNALS) process.once(signal, interrupt);
    const timer = timeoutMs ? setTimeout(() => endGroup(group, 'SIGKILL'), timeoutMs) : undefined;

    /** @type {string[]} */
    const tail = [];
    const keep = (/** @type {string} */ line) => {
      tail.push(line);
      if (tail.length > TAIL) tail.shift();
      onLine?.(line);
    };
    createInterface({ input: child.stdout }).on('line', keep);
    createInterface({ input: child.stderr }).on('line', keep);

    child.once('close', (code) => {
      clearTimeout(timer);
      for (const signal of SIGNALS) process.removeListener(signal, interrupt);
      guard.stdin.end('done\n');
      resolve({ code, tail });
    });
  });
}

const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/**
 * @param {number} group
 * @param {NodeJS.Signals} signal
 */
function endGroup(group, signal) {
  try {
    process.kill(-group, signal);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}

'use strict';
const childProcess = require('node:child_process');

const SYNCHRONOUS = ['spawnSync', 'execFileSync', 'execSync'];

/**
 * A child that is started with an environment of its own choosing would leave the pod network: it is given back what
 * keeps it there, the variable named `variable` and the --require in NODE_OPTIONS.
 */
function keepChildrenOnTheNetwork(variable, value, preload) {
  const require = `--require "${preload.replace(/(["\\])/g, '\\$1')}"`;

  /** @param {Record<string, string | undefined>} environment */
  const complete = (environment) => {
    const options = environment.NODE_OPTIONS ?? '';
    const isKept = options.includes(require);
    return { ...environment, [variable]: value, NODE_OPTIONS: isKept ? options : `${require} ${options}`.trim() };
  };

  const { spawn } = childProcess.ChildProcess.prototype;
  childProcess.ChildProcess.prototype.spawn = function (options) {
    if (options?.envPairs) {
      const environment = Object.fromEntries(options.envPairs.map((pair) => splitPair(pair)));
      options.envPairs = Object.entries(complete(environment)).map(([name, text]) => `${name}=${text}`);
    }
    return spawn.call(this, options);
  };

  // These reach the kernel by another way; without `env` they hand on process.env, which is complete.
  for (const name of SYNCHRONOUS) {
    const run = childProcess[name];
    childProcess[name] = (...args) => run(...args.map((arg) => (arg?.env ? { ...arg, env: complete(arg.env) } : arg)));
  }
}

function splitPair(pair) {
  const at = pair.indexOf('=', 1);
  return [pair.slice(0, at), pair.slice(at + 1)];
}

module.exports = { keepChildrenOnTheNetwork };

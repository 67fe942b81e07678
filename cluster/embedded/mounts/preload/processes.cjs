'use strict';

/**
 * The working directory of this process and of those it starts; and their environment: a Node program started with one of its own
 * choosing would lose sight of the mounts.
 *
 * @param {import('./mount-table.cjs').MountTable} table
 * @param {string} variable name of the variable that holds the mounts
 * @param {string} value
 * @param {string} preload the file that node has to require
 */
function mapProcesses(table, variable, value, preload) {
  const require = `--require "${preload.replace(/(["\\])/g, '\\$1')}"`;
  const { cwd, chdir } = process;
  process.cwd = () => table.seen(cwd());
  process.chdir = (directory) => chdir(table.real(directory));

  /** @param {string[] | undefined} pairs `NAME=value` */
  const complete = (pairs) => {
    if (!pairs) return pairs;
    const options = pairs.find((pair) => pair.startsWith('NODE_OPTIONS='))?.slice('NODE_OPTIONS='.length) ?? '';
    const kept = pairs.filter((pair) => !pair.startsWith('NODE_OPTIONS=') && !pair.startsWith(`${variable}=`));
    const all = options.includes(require) ? options : `${options} ${require}`.trim();
    return [...kept, `${variable}=${value}`, `NODE_OPTIONS=${all}`];
  };
  const realOrNone = (path) => path && table.real(path);
  /** A bare name is looked for on the PATH. */
  const program = (file) => (file?.includes('/') ? table.real(file) : file);

  const { Process } = process.binding('process_wrap');
  const { spawn } = Process.prototype;
  Process.prototype.spawn = function (file, args, folder, pairs, ...rest) {
    return spawn.call(this, program(file), args, realOrNone(folder), complete(pairs), ...rest);
  };
  const synchronous = process.binding('spawn_sync');
  const { spawn: spawnSync } = synchronous;
  synchronous.spawn = ({ file, cwd: folder, envPairs, ...rest }) =>
    spawnSync({ ...rest, file: program(file), cwd: realOrNone(folder), envPairs: complete(envPairs) });

  const { loadEnvFile } = process;
  process.loadEnvFile = (path = '.env') => loadEnvFile(table.real(path));
}

module.exports = { mapProcesses };

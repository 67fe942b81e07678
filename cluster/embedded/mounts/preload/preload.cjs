'use strict';
/**
 * Loaded by --require into every Node process of a container with mounts, before anything else: the program finds its volumes at the
 * paths at which they are mounted.
 *
 *   files            -> fs-binding.cjs      on libuv's file functions, below fs and the module loaders
 *   opendir, cp      -> directories.cjs     which have functions of their own
 *   SQLite           -> databases.cjs       which opens its files itself
 *   a full disk      -> disk-full.cjs       a fault: what is written is refused
 *   child processes  -> processes.cjs
 *   all of them ask  -> mount-table.cjs
 */
const { syncBuiltinESMExports } = require('node:module');

const VARIABLE = 'BREAKWATER_MOUNTS';
const value = process.env[VARIABLE];
if (value) {
  const { MountTable } = require('./mount-table.cjs');
  const { DiskFull, refuseWrites } = require('./disk-full.cjs');
  /** @type {import('../mount-view.ts').View} */
  const view = JSON.parse(value);
  const table = new MountTable(view.mounts);
  const files = process.binding('fs');
  const disk = new DiskFull(files, view.diskFull);
  require('./fs-binding.cjs').mapPaths(files, table);
  refuseWrites(files, table, disk);
  require('./directories.cjs').mapDirectories(table);
  require('./databases.cjs').mapDatabases(table, disk);
  require('./processes.cjs').mapProcesses(table, VARIABLE, value, module.filename);
  for (const [name, type, methods] of [
    ['fs_event_wrap', 'FSEvent', ['start']],
    ['pipe_wrap', 'Pipe', ['bind', 'connect']],
  ]) {
    const { prototype } = process.binding(name)[type];
    for (const method of methods) mapArgument(prototype, method, method === 'connect' ? 1 : 0, table);
  }
  syncBuiltinESMExports();
}

/** Watchers and Unix sockets. */
function mapArgument(prototype, method, index, table) {
  const original = prototype[method];
  prototype[method] = function (...args) {
    args[index] = table.real(args[index]);
    return original.apply(this, args);
  };
}

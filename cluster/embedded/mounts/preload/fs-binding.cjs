'use strict';
const { Buffer } = require('node:buffer');
const { O_ACCMODE = 3, O_APPEND, O_CREAT, O_TRUNC } = require('node:fs').constants;
const { dirname, resolve } = require('node:path');

/**
 * The functions of libuv that take paths, by the places of those among their arguments. Below fs, fs.promises, streams and both module
 * loaders there is only this object, so what is replaced here none of them can pass by.
 */
const READS = {
  ...{ access: [0], existsSync: [0], stat: [0], lstat: [0], statfs: [0], internalModuleStat: [0], readdir: [0] },
  ...{ open: [0], openFileHandle: [0], readFileUtf8: [0], readlink: [0], realpath: [0] },
  ...{ getFormatOfExtensionlessFile: [0], cpSyncCheckPaths: [0, 1] },
};
/** The last path is the one that is written. */
const WRITES = {
  ...{ mkdir: [0], mkdtemp: [0], writeFileUtf8: [0], unlink: [0], rmdir: [0], rmSync: [0], rename: [0, 1] },
  ...{ link: [0, 1], symlink: [1], copyFile: [0, 1], cpSyncOverrideFile: [0, 1], cpSyncCopyDir: [0, 1] },
  ...{ chmod: [0], chown: [0], lchown: [0], utimes: [0], lutimes: [0] },
};
/** What takes a name away, which a mount point keeps. */
const REMOVES = new Set(['rename', 'rmdir', 'rmSync', 'unlink']);
/** What answers with a path. */
const ANSWERS_PATH = new Set(['realpath', 'readlink', 'mkdtemp', 'mkdir']);
const WRITING = O_ACCMODE | O_APPEND | O_CREAT | O_TRUNC;
const W_OK = 2;

/** @typedef {import('./mount-table.cjs').Place} Place */

/**
 * Has every function of the binding find a path where the table says it is, and speak of it as the container knows it.
 *
 * @param {Record<string, Function>} binding libuv's file functions, process.binding('fs')
 * @param {import('./mount-table.cjs').MountTable} table
 */
function mapPaths(binding, table) {
  const { FSReqCallback, StatWatcher } = binding;

  for (const [name, indexes] of Object.entries({ ...READS, ...WRITES })) {
    const original = binding[name];
    if (!original) continue;
    binding[name] = function (...args) {
      /** @type {Place[]} */
      const places = [];
      for (const index of indexes) {
        const place = table.locate(args[index]);
        if (place) places.push(place);
        args[index] = place ? place.real : table.straight(args[index]);
      }
      if (name === 'symlink') args[0] = targetOf(String(args[0]), String(arguments[1]), args[1]);
      if (places.length === 0 && name !== 'readlink' && name !== 'readdir') return original.apply(this, args);
      const refusal = refused(name, places, args);
      // Read only when it is needed: each file is a part of a millisecond of every start.
      if (refusal) return fail(args, require('./file-error.cjs').fileError(refusal, name, places));
      return answer(name, places, args, arguments[0], (all) => original.apply(this, all));
    };
  }

  const { start } = StatWatcher.prototype;
  StatWatcher.prototype.start = function (path, interval) {
    return start.call(this, table.real(path), interval);
  };

  /** A link is followed by the kernel, on this machine: it has to lead there to where it leads in the container. */
  function targetOf(target, link, realLink) {
    const wanted = table.real(resolve(dirname(resolve(link)), target));
    return resolve(dirname(realLink), target) === wanted ? target : wanted;
  }

  /** Calls it by whichever way its caller waits, and puts the container's paths into what comes back. */
  function answer(name, places, args, named, call) {
    const done = (result) => seen(name, places, result, named);
    const broken = (error) => translated(error, places);
    const request = args.find((arg) => arg instanceof FSReqCallback);
    if (request) {
      const { oncomplete } = request;
      request.oncomplete = function (error, ...results) {
        if (error) return oncomplete.call(this, broken(error));
        if (results.length === 0) return oncomplete.call(this, error);
        return oncomplete.call(this, error, done(results[0]), ...results.slice(1));
      };
      return call(args);
    }
    let result;
    try {
      result = call(args);
    } catch (error) {
      throw broken(error);
    }
    return typeof result?.then === 'function'
      ? result.then(done, (error) => {
          throw broken(error);
        })
      : done(result);
  }

  function seen(name, [place], result, named) {
    if (name === 'readdir') return withMounts(place?.path ?? resolve(String(named)), result);
    if (!ANSWERS_PATH.has(name) || result === undefined || result === null) return result;
    const text = table.seen(String(result), place?.mount);
    return Buffer.isBuffer(result) ? Buffer.from(text) : text;
  }

  /** `[names, types]` where the caller wants types. */
  function withMounts(folder, result) {
    if (!result) return result;
    const typed = Array.isArray(result[0]) && Array.isArray(result[1]);
    const names = typed ? result[0] : result;
    const had = new Set(names.map(String));
    for (const name of table.namesIn(folder)) {
      if (had.has(name)) continue;
      names.push(Buffer.isBuffer(names[0]) ? Buffer.from(name) : name);
      // UV_DIRENT_DIR, UV_DIRENT_FILE
      if (typed) result[1].push(binding.internalModuleStat(resolve(folder, name)) === 1 ? 2 : 1);
    }
    return result;
  }

  function fail(args, error) {
    const request = args.find((arg) => arg instanceof FSReqCallback);
    if (request) return void process.nextTick(() => request.oncomplete(error));
    if (args.includes(binding.kUsePromises)) return Promise.reject(error);
    throw error;
  }
}

/** The errno with which the kernel would have refused; undefined where it would not. */
function refused(name, places, args) {
  if (places.length === 0) return undefined;
  const { mount, isMountPoint } = places.at(-1);
  const flags = name === 'access' ? args[1] & W_OK : /^open/.test(name) ? args[1] & WRITING : 0;
  if (mount.readOnly && (flags || name in WRITES)) return 'EROFS';
  // Nothing is moved or linked from one mount to another; here that would take a file out of a volume that is only read.
  if ((name === 'rename' || name === 'link') && places[0].mount.readOnly) return 'EXDEV';
  return REMOVES.has(name) && isMountPoint ? 'EBUSY' : undefined;
}

/** The container's paths in an error of the kernel. */
function translated(error, places) {
  for (const { real, path } of places) {
    for (const field of ['path', 'dest']) if (error[field] === real) error[field] = path;
    if (typeof error.message === 'string') error.message = error.message.replaceAll(`'${real}'`, `'${path}'`);
  }
  return error;
}

module.exports = { mapPaths };

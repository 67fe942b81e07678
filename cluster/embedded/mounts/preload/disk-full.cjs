'use strict';
const { O_ACCMODE = 3, O_APPEND, O_CREAT, O_WRONLY } = require('node:fs').constants;

/**
 * What writes data, by the place of the path or descriptor among its arguments. Names that are made without data (an empty file, a link) take
 * no space worth the name.
 */
const WRITES = {
  writeBuffer: 0,
  writeBuffers: 0,
  writeString: 0,
  writeFileUtf8: 0,
  copyFile: 1,
  cpSyncOverrideFile: 1,
};
const WRITING = O_ACCMODE | O_APPEND;

/**
 * Whether the volumes of the pod have no space left: a file says so, which the kubelet writes, and until when by the monotonic clock. Each
 * refused write is counted by a byte in a file beside it.
 */
class DiskFull {
  #file;
  #original;

  /**
   * @param {Record<string, Function>} binding libuv's file functions, before any of them is replaced
   * @param {string} file
   */
  constructor({ internalModuleStat, readFileUtf8, writeFileUtf8 }, file) {
    this.#original = { internalModuleStat, readFileUtf8, writeFileUtf8 };
    this.#file = file;
  }

  /** Whether nothing can be written now. */
  isFull() {
    // 0 for a file that is there; no error is made for one that is not.
    if (this.#original.internalModuleStat(this.#file) !== 0) return false;
    try {
      return process.hrtime.bigint() / 1_000_000n < BigInt(this.#original.readFileUtf8(this.#file, 0));
    } catch {
      return false; // it has just gone
    }
  }

  /** A write has been refused. */
  refused() {
    this.#original.writeFileUtf8(`${this.#file}.refused`, '.', O_WRONLY | O_APPEND | O_CREAT, 0o666);
  }
}

/**
 * Refuses what would write data to a mount while the disk is full. Comes after mapPaths: it sees the container's paths.
 *
 * @param {Record<string, Function>} binding
 * @param {import('./mount-table.cjs').MountTable} table
 * @param {DiskFull} disk
 */
function refuseWrites(binding, table, disk) {
  const { FSReqCallback } = binding;
  /** Descriptors through which a mount is written. */
  const written = new Map();

  const { open, openFileHandle, close } = binding;
  const note = (descriptor, path, flags) => {
    const place = flags & WRITING ? table.locate(path) : null;
    if (place) written.set(descriptor, place);
    else written.delete(descriptor);
  };
  binding.open = function (path, flags, mode, request) {
    if (!request) {
      const descriptor = open.call(this, path, flags, mode);
      note(descriptor, path, flags);
      return descriptor;
    }
    const { oncomplete } = request;
    request.oncomplete = function (error, descriptor) {
      if (!error) note(descriptor, path, flags);
      return oncomplete.call(this, error, descriptor);
    };
    return open.call(this, path, flags, mode, request);
  };
  binding.openFileHandle = async function (path, flags, ...rest) {
    const handle = await openFileHandle.call(this, path, flags, ...rest);
    note(handle.fd, path, flags);
    return handle;
  };
  binding.close = function (descriptor, ...rest) {
    written.delete(descriptor);
    return close.call(this, descriptor, ...rest);
  };

  for (const [name, index] of Object.entries(WRITES)) {
    const original = binding[name];
    if (!original) continue;
    binding[name] = function (...args) {
      const target = args[index];
      const place = typeof target === 'number' ? written.get(target) : table.locate(target);
      if (!place || !disk.isFull()) return original.apply(this, args);
      disk.refused();
      const isDescriptor = typeof target === 'number';
      const called = name.startsWith('write') ? 'write' : 'copyfile';
      const error = require('./file-error.cjs').fileError('ENOSPC', called, isDescriptor ? [] : [place]);
      const request = args.find((arg) => arg instanceof FSReqCallback);
      if (request) return void process.nextTick(() => request.oncomplete(error));
      if (args.includes(binding.kUsePromises)) return Promise.reject(error);
      // fs.writeSync wants to find what is wrong in an object that comes last.
      const context = args.at(-1);
      if (isDescriptor && context && Object.getPrototypeOf(context) === Object.prototype) {
        return void Object.assign(context, { errno: error.errno, code: error.code, syscall: error.syscall });
      }
      throw error;
    };
  }
}

module.exports = { DiskFull, refuseWrites };

'use strict';
const fs = require('node:fs');

/** What fs does with folders by other functions than those of fs-binding.cjs: opendir and cp. */
function mapDirectories(table) {
  const { opendir, opendirSync, cp } = fs;
  const { opendir: opendirPromise, cp: cpPromise } = fs.promises;

  /** Reads like the folder at its own path, mount points and all, by way of readdir. */
  const directory = (path, options, entries) => {
    let rest = entries.flatMap((entry) => [entry.name, typeOf(entry)]);
    const handle = {
      read(_encoding, _size, request) {
        const result = rest.length > 0 ? rest : null;
        rest = [];
        if (!request) return result;
        process.nextTick(() => request.oncomplete(null, result));
      },
      close: (request) => request && process.nextTick(() => request.oncomplete(null)),
    };
    return new fs.Dir(handle, path, options);
  };
  /** Only a mount's own folders need that; a walk through all of them goes by the real path. */
  const isOurs = (path, options) => table.locate(path) && !options?.recursive;

  fs.opendirSync = (path, options) =>
    isOurs(path, options)
      ? directory(path, options, fs.readdirSync(path, { withFileTypes: true }))
      : opendirSync(table.real(path), options);
  fs.promises.opendir = async (path, options) =>
    isOurs(path, options)
      ? directory(path, options, await fs.promises.readdir(path, { withFileTypes: true }))
      : opendirPromise(table.real(path), options);
  fs.opendir = (path, options, callback = options) => {
    if (!isOurs(path, options)) return opendir(table.real(path), options, callback);
    fs.promises.opendir(path, typeof options === 'function' ? undefined : options).then(
      (opened) => callback(null, opened),
      (error) => callback(error),
    );
  };
  /** The real paths, at which nothing would refuse any more. Throws where it is only read. */
  const copied = (from, to) => {
    const place = table.locate(to);
    if (place?.mount.readOnly) throw require('./file-error.cjs').fileError('EROFS', 'cp', [place]);
    return [table.real(from), table.real(to)];
  };
  fs.promises.cp = async (from, to, options) => cpPromise(...copied(from, to), options);
  fs.cp = (from, to, ...rest) => {
    let paths;
    try {
      paths = copied(from, to);
    } catch (error) {
      return void process.nextTick(rest.at(-1), error);
    }
    cp(...paths, ...rest);
  };
}

function typeOf(entry) {
  const { UV_DIRENT_DIR, UV_DIRENT_FILE, UV_DIRENT_LINK, UV_DIRENT_SOCKET, UV_DIRENT_UNKNOWN } = fs.constants;
  if (entry.isDirectory()) return UV_DIRENT_DIR;
  if (entry.isFile()) return UV_DIRENT_FILE;
  if (entry.isSymbolicLink()) return UV_DIRENT_LINK;
  return entry.isSocket() ? UV_DIRENT_SOCKET : UV_DIRENT_UNKNOWN;
}

module.exports = { mapDirectories };

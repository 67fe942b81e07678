'use strict';
const { Buffer } = require('node:buffer');
const { basename, dirname, resolve } = require('node:path');
const { fileURLToPath } = require('node:url');

/**
 * A path as the container sees it, and where it really is.
 * @typedef {{ mount: import('../mount-view.ts').ViewedMount, path: string, real: string, isMountPoint: boolean }} Place
 */

/** Which folder of this machine stands for a path of the container, and the other way round. */
class MountTable {
  /**
   * Each path of each mount, deepest first, so that the first that fits is the one that counts.
   * @type {{ path: string, mount: import('../mount-view.ts').ViewedMount }[]}
   */
  #points;

  /** @param {import('../mount-view.ts').ViewedMount[]} mounts */
  constructor(mounts) {
    const points = mounts.flatMap((mount) => mount.paths.map((path) => ({ path, mount })));
    this.#points = points.sort((a, b) => b.path.length - a.path.length);
  }

  /**
   * Where a path that a program has named is; null when it is in no mount. `..` is taken out of it first, so that none leads from a
   * mount's folder to its neighbours on this machine.
   * @returns {Place | null}
   */
  locate(named) {
    const text = Buffer.isBuffer(named) ? named.toString() : named?.protocol === 'file:' ? fileURLToPath(named) : named;
    if (typeof text !== 'string') return null;
    const path = resolve(text);
    for (const { path: point, mount } of this.#points) {
      const rest = below(point, path);
      if (rest !== null) return { mount, path, real: mount.directory + rest, isMountPoint: rest === '' };
    }
    return null;
  }

  /** The path of this machine for one of the container: itself, where it is in no mount. */
  real(path) {
    return this.locate(path)?.real ?? this.straight(path);
  }

  /** A path in no mount, without the way it takes through one and out again: the kernel would look for that mount on this machine. */
  straight(path) {
    const [through] = typeof path === 'string' ? path.split(/\/\.\.(?=\/|$)/) : [path];
    return through !== path && this.locate(through) ? resolve(path) : path;
  }

  /** The path by which the container knows one of this machine; `preferred` is asked first, for a volume may be mounted twice. */
  seen(real, preferred) {
    for (const { directory, paths } of [...(preferred ? [preferred] : []), ...this.#points.map(({ mount }) => mount)]) {
      const rest = below(directory, real);
      if (rest !== null) return paths[0] + rest;
    }
    return real;
  }

  /** Names of the mounts right below a folder: what is mounted shows there. */
  namesIn(folder) {
    return this.#points.flatMap(({ path }) => (path !== folder && dirname(path) === folder ? [basename(path)] : []));
  }
}

/** What of `path` follows after `folder`: '' for itself, '/a/b' below it, null elsewhere. */
function below(folder, path) {
  if (!path.startsWith(folder)) return null;
  const rest = path.slice(folder.length);
  return rest === '' || rest[0] === '/' ? rest : null;
}

module.exports = { MountTable };

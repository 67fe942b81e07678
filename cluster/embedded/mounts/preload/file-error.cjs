'use strict';
const { getSystemErrorMap } = require('node:util');

/** What the functions of libuv are called in errors, where that is not their own name. */
const SYSCALLS = {
  openFileHandle: 'open',
  readFileUtf8: 'open',
  writeFileUtf8: 'open',
  rmSync: 'rm',
  utimes: 'utime',
  lutimes: 'lutime',
};

/**
 * An error as fs has it: `EROFS: read-only file system, open '/etc/files/new'`.
 *
 * @param {string} code
 * @param {string} name the function of libuv
 * @param {import('./mount-table.cjs').Place[]} places
 */
function fileError(code, name, [first, second]) {
  const [errno, [, what]] = [...getSystemErrorMap()].find(([, [each]]) => each === code);
  const syscall = SYSCALLS[name] ?? name;
  // A descriptor has no path.
  const paths = [first, second].flatMap((place) => (place ? [`'${place.path}'`] : [])).join(' -> ');
  const error = new Error(`${code}: ${what}, ${syscall} ${paths}`.trimEnd());
  return Object.assign(error, {
    ...{ errno, code, syscall },
    ...(first && { path: first.path }),
    ...(second && { dest: second.path }),
  });
}

module.exports = { fileError };

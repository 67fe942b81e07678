'use strict';
const sqlite = require('node:sqlite');
const { URL, fileURLToPath, pathToFileURL } = require('node:url');

/** What SQLite takes for no bound on the pages of a file. */
const MOST_PAGES = 4_294_967_294;
/** The errno of SQLite for a disk or a database that is full. */
const SQLITE_FULL = 13;

/**
 * SQLite opens its files past libuv. While the disk is full none of them can grow: what needs a page more is refused by SQLite itself.
 *
 * @param {import('./mount-table.cjs').MountTable} table
 * @param {import('./disk-full.cjs').DiskFull} disk
 */
function mapDatabases(table, disk) {
  const { backup } = sqlite;
  sqlite.DatabaseSync = class DatabaseSync extends sqlite.DatabaseSync {
    #isFull = false;

    constructor(path, ...rest) {
      super(databaseIn(table, path), ...rest);
    }

    exec(...args) {
      return this.#within(() => super.exec(...args));
    }

    prepare(...args) {
      const statement = super.prepare(...args);
      for (const name of ['run', 'get', 'all', 'iterate']) {
        const original = statement[name];
        statement[name] = (...values) => this.#within(() => original.apply(statement, values));
      }
      return statement;
    }

    #within(work) {
      const isFull = disk.isFull();
      if (isFull !== this.#isFull) super.exec(`pragma max_page_count = ${isFull ? 1 : MOST_PAGES}`);
      this.#isFull = isFull;
      try {
        return work();
      } catch (error) {
        if (isFull && error.errcode === SQLITE_FULL) disk.refused();
        throw error;
      }
    }
  };
  sqlite.backup = (database, path, ...rest) => backup(database, databaseIn(table, path), ...rest);
}

/** A path, or a URL whose query are SQLite's own settings. */
function databaseIn(table, path) {
  if (path === ':memory:' || path === '') return path;
  if (!String(path).startsWith('file:')) return table.real(path);
  const url = new URL(path);
  url.pathname = pathToFileURL(table.real(fileURLToPath(new URL(url.pathname, 'file:')))).pathname;
  return url;
}

module.exports = { mapDatabases };

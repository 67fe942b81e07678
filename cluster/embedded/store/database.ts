import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { fullDisk } from '../../disk-space.ts';
import type { KubeObject } from '../kinds/types.ts';

/**
 * The database file cannot be used. The message names the file and what to do. `DiskFull` passes: what was not written then can be
 * written again.
 */
export class DatabaseError extends Error {
  readonly code:
    'DatabaseBroken' | 'DatabaseClosed' | 'DatabaseInUse' | 'DatabaseTooNew' | 'DatabaseUnwritable' | 'DiskFull';

  constructor(code: DatabaseError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DatabaseError';
    this.code = code;
  }
}

export interface StoredRow {
  resource: string;
  key: string;
  object: KubeObject;
}

/** Bumped when a newer version can no longer be read by an older program. */
const FORMAT = 1;

/** One SQLite table with every object as JSON. One process at a time: the file is locked while it is open. */
export class Database {
  readonly #file: string;
  readonly #db: DatabaseSync;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;

  /** @throws DatabaseError */
  constructor(file: string) {
    this.#file = file;
    let db: DatabaseSync | undefined;
    try {
      db = new DatabaseSync(file, { timeout: 0 });
      prepare(db, file);
      this.#put = db.prepare('INSERT OR REPLACE INTO objects (resource, key, body) VALUES (?, ?, ?)');
      this.#remove = db.prepare('DELETE FROM objects WHERE resource = ? AND key = ?');
      this.#db = db;
    } catch (error) {
      db?.close();
      throw explain(error, file);
    }
  }

  /** @throws DatabaseError */
  load(): StoredRow[] {
    try {
      const rows = this.#db.prepare('SELECT resource, key, body FROM objects').all() as Record<string, string>[];
      return rows.map((row) => ({ resource: row.resource!, key: row.key!, object: JSON.parse(row.body!) }));
    } catch (error) {
      throw explain(error, this.#file);
    }
  }

  /** @param body the object as JSON */
  put(resource: string, key: string, body: string): void {
    this.#run(() => this.#put.run(resource, key, body));
  }

  remove(resource: string, key: string): void {
    this.#run(() => this.#remove.run(resource, key));
  }

  close(): void {
    if (this.#db.isOpen) this.#db.close();
  }

  #run(write: () => void): void {
    if (!this.#db.isOpen) {
      throw new DatabaseError(
        'DatabaseClosed',
        `The cluster's database ${this.#file} is closed: the cluster has stopped`,
      );
    }
    try {
      write();
    } catch (error) {
      throw explain(error, this.#file);
    }
  }
}

function prepare(db: DatabaseSync, file: string): void {
  db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  const format = (db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
  if (format > FORMAT) {
    throw new DatabaseError(
      'DatabaseTooNew',
      `The cluster's database ${file} was written by a newer version (format ${format}, this one knows ${FORMAT}): ` +
        `update, or move the file away to start with an empty cluster`,
    );
  }
  db.exec(`
    CREATE TABLE IF NOT EXISTS objects (
      resource TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (resource, key)
    ) WITHOUT ROWID;
    PRAGMA user_version = ${FORMAT};
  `);
  const [check] = db.prepare('PRAGMA quick_check(1)').all() as { quick_check: string }[];
  if (check?.quick_check !== 'ok') throw new Error(check?.quick_check ?? 'quick_check gave no answer');
}

function explain(error: unknown, file: string): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const cause = error as Error & { errcode?: number };
  // The low byte is SQLite's primary result code: 5 busy, 8 read-only, 13 full, 14 cannot open (sqlite.org/rescode.html).
  const code = (cause.errcode ?? 0) & 0xff;
  // 10 is an error of the file system, which a disk may answer with that has become full in the middle of a page.
  const full = code === 13 || code === 10 ? fullDisk(dirname(file)) : null;
  if (full) return new DatabaseError('DiskFull', full, { cause });
  const because = (code: DatabaseError['code'], what: string) =>
    new DatabaseError(code, `The cluster's database ${file} ${what}`, { cause });
  if (code === 5) {
    return because(
      'DatabaseInUse',
      'is in use: another cluster runs with this BREAKWATER_HOME; stop it, or choose another',
    );
  }
  if (code === 8 || code === 13 || code === 14) {
    const what = `cannot be written (${cause.message}): check the folder's permissions and free space`;
    return because('DatabaseUnwritable', what);
  }
  return because('DatabaseBroken', `cannot be read (${cause.message}): move it away to start with an empty cluster`);
}

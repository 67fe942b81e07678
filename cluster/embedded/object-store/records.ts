import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { Piece } from './blobs.ts';
import type { Checksum } from './checksums.ts';
import type { Notification } from './notification.ts';

export interface StoredObject {
  /** Of this version of it; its pieces carry it. */
  id: string;
  bucket: string;
  key: string;
  size: number;
  /** Without quotes. */
  etag: string;
  /** Unix ms. */
  modified: number;
  /** `content-type` and the like, and `x-amz-meta-...`. */
  headers: Record<string, string>;
  checksum: Checksum | null;
}

export interface Upload {
  id: string;
  bucket: string;
  key: string;
  begun: number;
  headers: Record<string, string>;
}

export interface Part extends Piece {
  number: number;
  etag: string;
  checksum: Checksum | null;
  modified: number;
}

export interface WaitingEvent {
  id: number;
  body: string;
}

/** `full`: what was answered is on the disk. Keys are compared by their bytes in UTF-8, the order S3 lists them in. */
const schema = `
  pragma journal_mode = wal;
  pragma synchronous = full;
  pragma cache_size = -1024;
  create table if not exists buckets (
    name text primary key, created integer not null, notification text not null default '[]'
  ) strict, without rowid;
  create table if not exists objects (
    bucket text not null references buckets, key text not null, id text not null, size integer not null, etag text not null,
    modified integer not null, headers text not null, checksum text not null, primary key (bucket, key)
  ) strict, without rowid;
  create table if not exists uploads (
    id text primary key, bucket text not null references buckets, key text not null, begun integer not null, headers text not null
  ) strict;
  create table if not exists pieces (
    owner text not null, number integer not null, blob text not null unique, size integer not null, etag text not null,
    checksum text not null, modified integer not null, primary key (owner, number)
  ) strict;
  create table if not exists events (
    id integer primary key autoincrement, arn text not null, body text not null, attempts integer not null default 0
  ) strict;
  create index if not exists events_of_target on events (arn, attempts, id);
`;

/** What there is: buckets, objects, uploads under way and the events that nobody has taken yet. Blobs hold the bytes. */
export class Records {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(folder: string) {
    this.#database = new DatabaseSync(join(folder, 'records.sqlite'));
    this.#database.exec(schema);
  }

  close(): void {
    this.#database.close();
  }

  /** All that `change` does, or nothing of it. */
  atomically<T>(change: () => T): T {
    this.#database.exec('begin immediate');
    try {
      const result = change();
      this.#database.exec('commit');
      return result;
    } catch (error) {
      this.#database.exec('rollback');
      throw error;
    }
  }

  buckets(): { name: string; created: number }[] {
    return this.#rows('select name, created from buckets order by name');
  }

  hasBucket(name: string): boolean {
    return this.#row('select 1 from buckets where name = ?', name) !== undefined;
  }

  createBucket(name: string, created: number): void {
    this.#run('insert into buckets (name, created) values (?, ?)', name, created);
  }

  isEmpty(bucket: string): boolean {
    const found = 'select 1 from objects where bucket = ?1 union all select 1 from uploads where bucket = ?1 limit 1';
    return this.#row(found, bucket) === undefined;
  }

  deleteBucket(name: string): void {
    this.#run('delete from buckets where name = ?', name);
  }

  notifications(bucket: string): Notification[] {
    const row = this.#row<{ notification: string }>('select notification from buckets where name = ?', bucket);
    return JSON.parse(row?.notification ?? '[]') as Notification[];
  }

  setNotifications(bucket: string, notifications: Notification[]): void {
    this.#run('update buckets set notification = ? where name = ?', JSON.stringify(notifications), bucket);
  }

  object(bucket: string, key: string): StoredObject | undefined {
    return this.#objects('select * from objects where bucket = ? and key = ?', bucket, key)[0];
  }

  /** In the order of their keys: those with `prefix` that come after `after`. */
  objectsAfter(bucket: string, prefix: string, after: string, limit: number): StoredObject[] {
    // Up to the last key there can be with that prefix.
    const sql = `select * from objects
      where bucket = ?1 and key > ?2 and key >= ?3 and key < ?3 || char(1114111) order by key limit ?4`;
    return this.#objects(sql, bucket, after, prefix, limit);
  }

  /** In place of any object of its key. Its pieces are those with its id. */
  putObject({ bucket, key, id, size, etag, modified, headers, checksum }: StoredObject): void {
    const values = [JSON.stringify(headers), JSON.stringify(checksum)] as const;
    this.#run('replace into objects values (?, ?, ?, ?, ?, ?, ?, ?)', bucket, key, id, size, etag, modified, ...values);
  }

  deleteObject(bucket: string, key: string): void {
    this.#run('delete from objects where bucket = ? and key = ?', bucket, key);
  }

  upload(id: string): Upload | undefined {
    return this.#uploads('select * from uploads where id = ?', id)[0];
  }

  uploads(bucket: string, limit: number): Upload[] {
    return this.#uploads('select * from uploads where bucket = ? order by key, begun limit ?', bucket, limit);
  }

  createUpload({ id, bucket, key, begun, headers }: Upload): void {
    this.#run('insert into uploads values (?, ?, ?, ?, ?)', id, bucket, key, begun, JSON.stringify(headers));
  }

  deleteUpload(id: string): void {
    this.#run('delete from uploads where id = ?', id);
  }

  /** Those of an upload, or of an object: in the order in which they stand. */
  parts(owner: string): Part[] {
    const rows = this.#rows<Part & { checksum: string }>('select * from pieces where owner = ? order by number', owner);
    return rows.map((row) => ({ ...row, checksum: JSON.parse(row.checksum) as Checksum | null }));
  }

  /** In place of any part of its number. */
  putPart(owner: string, { number, blob, size, etag, checksum, modified }: Part): void {
    const values = [blob, size, etag, JSON.stringify(checksum), modified] as const;
    this.#run('replace into pieces values (?, ?, ?, ?, ?, ?, ?)', owner, number, ...values);
  }

  deletePart(owner: string, number: number): void {
    this.#run('delete from pieces where owner = ? and number = ?', owner, number);
  }

  knowsBlob(blob: string): boolean {
    return this.#row('select 1 from pieces where blob = ?', blob) !== undefined;
  }

  /** Bytes of all pieces. */
  used(): number {
    return this.#row<{ bytes: number }>('select coalesce(sum(size), 0) as bytes from pieces')!.bytes;
  }

  addEvent(arn: string, body: string): void {
    this.#run('insert into events (arn, body) values (?, ?)', arn, body);
  }

  waiting(arn: string): number {
    return this.#row<{ count: number }>('select count(*) as count from events where arn = ?', arn)!.count;
  }

  /** Those that were tried least come first, so that one that is always refused keeps none up. */
  events(arn: string, limit: number): WaitingEvent[] {
    return this.#rows('select id, body from events where arn = ? order by attempts, id limit ?', arn, limit);
  }

  eventFailed(id: number): void {
    this.#run('update events set attempts = attempts + 1 where id = ?', id);
  }

  deleteEvent(id: number): void {
    this.#run('delete from events where id = ?', id);
  }

  #objects(sql: string, ...values: SQLInputValue[]): StoredObject[] {
    return this.#rows<StoredObject & { headers: string; checksum: string }>(sql, ...values).map((row) => ({
      ...row,
      headers: JSON.parse(row.headers) as Record<string, string>,
      checksum: JSON.parse(row.checksum) as Checksum | null,
    }));
  }

  #uploads(sql: string, ...values: SQLInputValue[]): Upload[] {
    const rows = this.#rows<Upload & { headers: string }>(sql, ...values);
    return rows.map((row) => ({ ...row, headers: JSON.parse(row.headers) as Record<string, string> }));
  }

  #row<T>(sql: string, ...values: SQLInputValue[]): T | undefined {
    return this.#statement(sql).get(...values) as T | undefined;
  }

  #rows<T>(sql: string, ...values: SQLInputValue[]): T[] {
    return this.#statement(sql).all(...values) as T[];
  }

  #run(sql: string, ...values: SQLInputValue[]): void {
    this.#statement(sql).run(...values);
  }

  #statement(sql: string): StatementSync {
    const statement = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

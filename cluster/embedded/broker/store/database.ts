import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * `full`: the log is on the disk (fdatasync) before a commit returns. `exclusive`: no second broker opens the same folder, and the index of
 * the log needs no shared memory.
 */
const schema = `
  pragma locking_mode = exclusive;
  pragma journal_mode = wal;
  pragma synchronous = full;
  pragma cache_size = -4000;
  create table if not exists exchange (name text primary key, definition text not null) strict;
  create table if not exists queue (id integer primary key, name text not null unique, definition text not null) strict;
  create table if not exists binding (definition text primary key) strict;
  create table if not exists message (
    id integer primary key,
    queue integer not null,
    priority integer not null,
    persistent integer not null,
    redelivered integer not null,
    expires_at integer,
    exchange text not null,
    routing_key text not null,
    properties blob not null,
    body blob not null
  ) strict;
  create index if not exists message_place on message (queue, priority, id);
  create table if not exists run (one integer primary key check (one = 1), clean integer not null, redelivered_until integer not null) strict;
  insert into run values (1, 1, 0) on conflict do nothing;
`;

/** Opens the broker's file in a folder, which is made. Throws what SQLite says, `database is locked` while another broker has it. */
export function openDatabase(folder: string): DatabaseSync {
  mkdirSync(folder, { recursive: true });
  const database = new DatabaseSync(join(folder, 'broker.sqlite'), { timeout: 5_000 });
  try {
    database.exec(schema);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

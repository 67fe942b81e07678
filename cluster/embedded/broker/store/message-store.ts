import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Content, Entry } from '../message.ts';

interface Row {
  id: number;
  redelivered: number;
  expires_at: number | null;
  exchange: string;
  routing_key: string;
  properties: Uint8Array;
  body: Uint8Array;
}

/** What waits on the disk of a queue when the broker starts. */
export interface Backlog {
  queue: number;
  priority: number;
  messages: number;
  bytes: number;
}

const retryMs = 1_000;

/**
 * Messages on the disk. What one turn of the event loop writes is one commit, so that many publishers share a wait for the disk; a
 * message that is gone again before that is never written.
 */
export class MessageStore {
  readonly reads = { messages: 0 };
  readonly writes = { messages: 0 };
  /** Why the last commit failed; null while they succeed. What it should have written is tried again. */
  failure: Error | null = null;
  readonly #database: DatabaseSync;
  readonly #statements: Record<'insert' | 'remove' | 'load' | 'read', StatementSync>;
  #inserts = new Map<number, { entry: Entry; content: Content; queue: number; persistent: boolean }>();
  #removals: number[] = [];
  #waiting: (() => void)[] = [];
  #scheduled = false;
  /** One, however much is asked for meanwhile: each that failed would begin a row of its own. */
  #retry: NodeJS.Timeout | undefined;
  #lastId: number;
  /** Up to this id a message may have been delivered by a broker that was killed. */
  readonly #redeliveredUntil: number;

  constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec('delete from message where persistent = 0 or queue not in (select id from queue)');
    const { clean, until } = database.prepare('select clean, redelivered_until as until from run').get() as {
      clean: number;
      until: number;
    };
    const { last } = database.prepare('select coalesce(max(id), 0) as last from message').get() as { last: number };
    this.#lastId = Math.max(last, until);
    this.#redeliveredUntil = clean ? until : this.#lastId;
    database.prepare('update run set clean = 0, redelivered_until = ?').run(this.#redeliveredUntil);
    this.#statements = {
      insert: database.prepare('insert into message values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
      remove: database.prepare('delete from message where id = ?'),
      load: database.prepare('select * from message where queue = ? and priority = ? and id > ? order by id limit ?'),
      read: database.prepare('select * from message where id = ?'),
    };
  }

  nextId(): number {
    return ++this.#lastId;
  }

  backlogs(): Backlog[] {
    const query =
      'select queue, priority, count(*) as messages, sum(length(body)) as bytes from message group by queue, priority';
    return this.#database.prepare(query).all() as unknown as Backlog[];
  }

  /** The entry's content may leave memory at once. */
  insert(entry: Entry, content: Content, queue: number, persistent: boolean): void {
    entry.stored = true;
    this.#inserts.set(entry.id, { entry, content, queue, persistent });
    this.#schedule();
  }

  /** Does nothing for one that is not stored. */
  remove(entry: Entry): void {
    if (!entry.stored || this.#inserts.delete(entry.id)) return;
    this.#removals.push(entry.id);
    this.#schedule();
  }

  removeAll(queue: number): void {
    this.commit();
    this.#database.prepare('delete from message where queue = ?').run(queue);
  }

  /** Calls back when all that was asked for until now is on the disk. */
  afterCommit(then: () => void): void {
    this.#waiting.push(then);
    this.#schedule();
  }

  /** The next messages of a queue behind an id, in order. */
  load(queue: number, priority: number, after: number, maximumBytes: number, maximum: number): Entry[] {
    this.commit();
    const entries: Entry[] = [];
    let bytes = 0;
    for (const row of this.#statements.load.iterate(queue, priority, after, maximum)) {
      const entry = this.#entryOf(row as unknown as Row, priority);
      entries.push(entry);
      bytes += entry.bytes;
      if (bytes >= maximumBytes) break;
    }
    this.reads.messages += entries.length;
    return entries;
  }

  /** Brings back the content of a message that has been left to the disk, or is on its way there. */
  read(entry: Entry): void {
    const waiting = this.#inserts.get(entry.id);
    if (waiting) return void (entry.content = waiting.content);
    const row = this.#statements.read.get(entry.id) as Row | undefined;
    if (!row) throw new Error(`message ${entry.id} is not on the disk`);
    this.reads.messages++;
    entry.content = this.#entryOf(row, 0).content;
  }

  /** Marks the messages that have been delivered, and that this broker ended in good order. */
  close(redelivered: Entry[]): void {
    this.commit();
    this.#database.exec('begin');
    const mark = this.#database.prepare('update message set redelivered = 1 where id = ?');
    for (const { id } of redelivered) mark.run(id);
    this.#database.exec('update run set clean = 1; commit');
  }

  /** Writes what is outstanding, and lets those know who wait for it. */
  commit(): void {
    if (this.#inserts.size + this.#removals.length > 0 && !this.#write()) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const then of waiting) then();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.commit();
    });
  }

  #tryAgain(): void {
    if (this.#retry) return;
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.#schedule();
    }, retryMs).unref();
  }

  #write(): boolean {
    try {
      this.#database.exec('begin');
      for (const { entry, content, queue, persistent } of this.#inserts.values()) {
        const { exchange, routingKey, properties, body } = content;
        const { id, priority, redelivered, expiresAt } = entry;
        const flags = [Number(persistent), Number(redelivered)] as const;
        this.#statements.insert.run(id, queue, priority, ...flags, expiresAt, exchange, routingKey, properties, body);
      }
      for (const id of this.#removals) this.#statements.remove.run(id);
      this.#database.exec('commit');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('rollback');
      this.failure = error as Error;
      this.#tryAgain();
      return false;
    }
    this.failure = null;
    this.writes.messages += this.#inserts.size;
    this.#inserts = new Map();
    this.#removals = [];
    return true;
  }

  #entryOf(row: Row, priority: number): Entry {
    const body = buffer(row.body);
    return {
      id: row.id,
      content: { exchange: row.exchange, routingKey: row.routing_key, properties: buffer(row.properties), body },
      bytes: body.length,
      priority,
      expiresAt: row.expires_at,
      redelivered: row.redelivered === 1 || row.id <= this.#redeliveredUntil,
      stored: true,
    };
  }
}

function buffer({ buffer: bytes, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(bytes, byteOffset, byteLength);
}

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { Failure } from '../../service/failure.ts';

export interface RecordedCharge {
  id: string;
  /** True when the key was known: this charge had been made before. */
  repeated: boolean;
}

interface NewCharge {
  /** The merchant's name for what is paid: the order's id. */
  reference: string;
  amountCents: number;
  key?: string | undefined;
}

/** One movement of money: a charge, or a refund of one. */
export interface Line {
  /** Grows by the order in which they were committed: what has a lesser one than a line read is there by then. */
  sequence: number;
  id: string;
  reference: string;
  /** Below 0 of a refund; 0 of one that found nothing charged. */
  amountCents: number;
  /** Unix ms. */
  chargedAt: number;
}

interface OpenBook {
  database: DatabaseSync;
  identity: string;
  insert: StatementSync;
  byKey: StatementSync;
  lines: StatementSync;
  count: StatementSync;
  of: StatementSync;
}

/**
 * A rollback journal, not a write-ahead log: only with one does SQLite look whether its file is still the one of that name, so
 * that nothing is confirmed that the next process would not find. `full`: it is on the disk before a write returns.
 */
const schema = `
  pragma journal_mode = persist;
  pragma synchronous = full;
  pragma cache_size = -512;
  create table if not exists charges (
    sequence integer primary key autoincrement,
    id text not null,
    reference text not null,
    amount_cents integer not null,
    idempotency_key text unique,
    charged_at integer not null
  ) strict;
  create index if not exists charges_reference on charges (reference);
  create table if not exists book (one integer primary key check (one = 1), id text not null) strict;
`;
/** Another process of the bank may be on its way out and write its last charge. */
const busyMs = 2_000;

/** The bank's own book in a file of its own: one line each time money moved. */
export class Book {
  readonly #file: string;
  #open: OpenBook | null = null;

  constructor(folder: string) {
    this.#file = join(folder, 'book.sqlite');
  }

  /** Begins the book where there is none yet. Throws what SQLite says of a folder it cannot write. */
  begin(): void {
    this.#open ??= this.#connect('rwc');
  }

  /** Tells this book from every other, and holds when it was begun: a UUID of version 7. */
  get identity(): string {
    return this.#with(({ identity }) => identity);
  }

  /** On the disk when it returns. Throws Failure 409 `refunded` for a reference that was given back; 503 `book-unavailable`. */
  record({ reference, amountCents, key }: NewCharge): RecordedCharge {
    return this.#atomically(({ insert, byKey, of }) => {
      if (amountsOf(of, reference).some((amount) => amount <= 0)) {
        throw new Failure(409, 'refunded', `What was charged as ${reference} was given back; it is not charged again.`);
      }
      const id = randomUUID();
      const { changes } = insert.run(id, reference, amountCents, key ?? null, Date.now());
      if (changes === 1) return { id, repeated: false };
      return { id: (byKey.get(key!) as { id: string }).id, repeated: true };
    });
  }

  /**
   * Gives back every charge of a reference, a line each, and closes it to charges that come late. Done again, it does nothing.
   *
   * @returns how many charges are given back. Throws Failure 503 `book-unavailable`.
   */
  refund(reference: string): number {
    return this.#atomically(({ insert, of }) => {
      const amounts = amountsOf(of, reference);
      const before = amounts.filter((amount) => amount < 0).length;
      if (amounts.some((amount) => amount <= 0)) return before;
      const back = amounts.length > 0 ? amounts.map((amount) => -amount) : [0];
      for (const amount of back) insert.run(randomUUID(), reference, amount, null, Date.now());
      return amounts.length;
    });
  }

  /** The next lines, in order of their sequence. */
  statement(after: number, limit: number): Line[] {
    return this.#with(({ lines }) => lines.all(after, limit) as unknown as Line[]);
  }

  /** How many charges and refunds up to a sequence name this reference. */
  countsOf(reference: string, until: number): { charges: number; refunds: number } {
    return this.#with(({ count }) => count.get(reference, until) as { charges: number; refunds: number });
  }

  close(): void {
    this.#open?.database.close();
    this.#open = null;
  }

  /** Nobody else writes between what `work` reads and what it writes: while pods roll, two processes share the book. */
  #atomically<T>(work: (book: OpenBook) => T): T {
    return this.#with((book) => {
      const { database } = book;
      database.exec('begin immediate');
      try {
        const result = work(book);
        database.exec('commit');
        return result;
      } catch (error) {
        if (database.isTransaction) database.exec('rollback');
        throw error;
      }
    });
  }

  /** A book that fails is opened anew for the next who asks: its folder may have been away. It is never begun anew then. */
  #with<T>(work: (book: OpenBook) => T): T {
    try {
      this.#open ??= this.#connect('rw');
      return work(this.#open);
    } catch (cause) {
      if (cause instanceof Failure) throw cause;
      this.close();
      throw new Failure(503, 'book-unavailable', 'The bank cannot use its book; it takes no charges until it can.', {
        cause,
      });
    }
  }

  #connect(mode: 'rw' | 'rwc'): OpenBook {
    const database = new DatabaseSync(new URL(`${pathToFileURL(this.#file).href}?mode=${mode}`), { timeout: busyMs });
    try {
      database.exec(schema);
      database.prepare('insert into book values (1, ?) on conflict do nothing').run(uuidV7());
      const { id } = database.prepare('select id from book').get() as { id: string };
      return {
        ...{ database, identity: id },
        insert: database.prepare(
          `insert into charges (id, reference, amount_cents, idempotency_key, charged_at) values (?, ?, ?, ?, ?)
           on conflict (idempotency_key) do nothing`,
        ),
        byKey: database.prepare('select id from charges where idempotency_key = ?'),
        lines: database.prepare(
          `select sequence, id, reference, amount_cents as amountCents, charged_at as chargedAt from charges
           where sequence > ? order by sequence limit ?`,
        ),
        count: database.prepare(
          `select count(*) filter (where amount_cents > 0) as charges, count(*) filter (where amount_cents < 0) as refunds
           from charges where reference = ? and sequence <= ?`,
        ),
        of: database.prepare('select amount_cents as amount from charges where reference = ?'),
      };
    } catch (error) {
      database.close();
      throw error;
    }
  }
}

function amountsOf(of: StatementSync, reference: string): number[] {
  return (of.all(reference) as { amount: number }[]).map(({ amount }) => amount);
}

/** RFC 9562, section 5.7: the first 48 bits are Unix time in ms. */
function uuidV7(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

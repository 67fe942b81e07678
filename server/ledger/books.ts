import type { Movements, OrderState } from './fold.ts';

/** Opaque: how far a book has been read. Rows at or before it are never read again. */
export type Cursor = string;

/** What is told of now is of so many ms. */
export const recentMs = 5_000;

export interface Page<Row> {
  rows: Row[];
  cursor: Cursor | null;
}

export interface OrderVersion {
  id: string;
  status: OrderState['status'];
  /** Of one that was paid a moment ago: how long after it was made, in ms. */
  paidAfterMs?: number | null;
}

/** The shop's book of orders. */
export interface OrderBook {
  /** Tells this book from every other, and holds when it was begun: a UUID of version 7. */
  identity(): Promise<string>;
  /** The versions of orders that have become certain since the cursor, at most `limit`. */
  read(after: Cursor | null, limit: number): Promise<Page<OrderVersion>>;
  /** Of those orders, the ones read up to the cursor, as they are there. */
  upTo(cursor: Cursor | null, ids: string[]): Promise<Map<string, OrderState['status']>>;
  close(): void;
}

/** The book of charges, which is the bank's. */
export interface ChargeBook {
  identity(): Promise<string>;
  read(after: Cursor | null, limit: number): Promise<Page<{ reference: string; kind: 'charge' | 'refund' }>>;
  /** How often each order was charged and given back up to the cursor; those never charged are left out. */
  upTo(cursor: Cursor | null, ids: string[]): Promise<Map<string, Movements>>;
  close(): void;
}

/** Runs a query on one of the shop's databases. */
export interface Database {
  query<Row extends object>(sql: string, values?: unknown[]): Promise<Row[]>;
  close(): void;
}

/**
 * Rows are stamped with the transaction that wrote them last. Transactions commit in another order than they began in, so the
 * newest row read is no cursor; but once every transaction before one has ended (`pg_snapshot_xmin`), no row with a lesser stamp
 * can appear any more (https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-PG-SNAPSHOT). Those are read, in order.
 */
const certain = 'written_in < pg_snapshot_xmin(pg_current_snapshot())';
const beginning = '0 00000000-0000-0000-0000-000000000000';

function position(cursor: Cursor | null): string[] {
  return (cursor ?? beginning).split(' ');
}

interface Stamped {
  id: string;
  stamp: string;
}

function next(rows: Stamped[], before: Cursor | null): Cursor | null {
  const last = rows.at(-1);
  return last ? `${last.stamp} ${last.id}` : before;
}

async function identityOf(database: Database): Promise<string> {
  const [book] = await database.query<{ id: string }>('select id from book');
  if (!book) throw new Error('The database has no row in "book", by which it is known.');
  return book.id;
}

/** By the database's own clock: a first reading finds orders of days, and they tell nothing of now. */
const paidAfterMs = `case when status = 'accepted' and decided_at > clock_timestamp() - interval '${recentMs / 1000} s'
  then extract(epoch from decided_at - created_at)::float8 * 1000 end`;

export function orderBook(database: Database): OrderBook {
  return {
    identity: () => identityOf(database),
    async read(after, limit) {
      const rows = await database.query<Stamped & OrderVersion>(
        `select id, status, written_in::text as stamp, ${paidAfterMs} as "paidAfterMs" from orders
         where ${certain} and (written_in, id) > ($1::xid8, $2::uuid) order by written_in, id limit ${limit}`,
        position(after),
      );
      return { rows, cursor: next(rows, after) };
    },
    async upTo(cursor, ids) {
      const rows = await database.query<{ id: string; status: OrderState['status'] }>(
        'select id, status from orders where (written_in, id) <= ($1::xid8, $2::uuid) and id = any($3::uuid[])',
        [...position(cursor), ids],
      );
      return new Map(rows.map(({ id, status }) => [id, status]));
    },
    close: () => database.close(),
  };
}

import type { Database } from '../../service/database.ts';

export interface RecordedCharge {
  id: string;
  /** True when the key was known: this charge had been made before. */
  repeated: boolean;
}

/** The bank's own book, by which the ledger is counted: one row each time money moved. */
export const migration = `
  create table if not exists charges (
    id uuid primary key default uuidv7(),
    reference text not null,
    amount_cents integer not null,
    idempotency_key text unique,
    created_at timestamptz not null default clock_timestamp(),
    written_in xid8 not null default pg_current_xact_id()
  );
  drop index if exists charges_created_at;
  alter table charges add column if not exists written_in xid8 not null default pg_current_xact_id();
  create index if not exists charges_written_in on charges (written_in, id);
  create index if not exists charges_reference on charges (reference);
  create table if not exists book (id uuid primary key);
  insert into book select coalesce((select id from charges order by id limit 1), uuidv7())
    where not exists (select from book);
`;

interface NewCharge {
  /** The merchant's name for what is paid: the order's id. */
  reference: string;
  amountCents: number;
  key?: string | undefined;
}

export async function recordCharge(database: Database, charge: NewCharge): Promise<RecordedCharge> {
  const { rows } = await database.query<{ id: string }>(
    `insert into charges (reference, amount_cents, idempotency_key) values ($1, $2, $3)
     on conflict (idempotency_key) do nothing returning id`,
    [charge.reference, charge.amountCents, charge.key ?? null],
  );
  if (rows[0]) return { id: rows[0].id, repeated: false };
  const known = await database.query<{ id: string }>('select id from charges where idempotency_key = $1', [charge.key]);
  return { id: known.rows[0]!.id, repeated: true };
}

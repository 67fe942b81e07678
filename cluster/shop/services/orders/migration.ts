import { products } from '../../service/catalogue.ts';

/**
 * Orders keeps its own price list, as every context keeps what it decides by. Ids are in order of time (UUIDv7). Each version of an
 * order carries the transaction that wrote it, by which it is counted once; \`book\` tells this database from every other.
 */
export const migration = `
  create table if not exists price_list (
    product_id text primary key,
    price_cents integer not null check (price_cents > 0)
  );
  create table if not exists orders (
    id uuid primary key default uuidv7(),
    customer text not null,
    idempotency_key text,
    items jsonb not null,
    amount_cents integer not null,
    status text not null default 'pending',
    failure text,
    created_at timestamptz not null default clock_timestamp(),
    decided_at timestamptz,
    attempted_at timestamptz not null default clock_timestamp(),
    written_in xid8 not null default pg_current_xact_id(),
    unique (customer, idempotency_key)
  );
  create index if not exists orders_created_at on orders (created_at);
  drop index if exists orders_decided_at;
  alter table orders add column if not exists attempted_at timestamptz not null default clock_timestamp();
  alter table orders add column if not exists written_in xid8 not null default pg_current_xact_id();
  create index if not exists orders_written_in on orders (written_in, id);
  create index if not exists orders_pending on orders (attempted_at) where status = 'pending';
  alter table orders drop constraint if exists orders_status_check;
  alter table orders add constraint orders_status_check check (status in ('pending', 'to-be-paid', 'accepted', 'failed'))
    not valid;
  alter table orders add column if not exists to_undo boolean not null default false;
  create index if not exists orders_to_undo on orders (attempted_at) where to_undo;
  create table if not exists outbox (
    id uuid primary key default uuidv7(),
    event jsonb not null,
    headers jsonb not null
  );
  create table if not exists book (id uuid primary key);
  insert into book select coalesce((select id from orders order by id limit 1), uuidv7())
    where not exists (select from book);
  insert into price_list (product_id, price_cents)
    values ${products.map(({ id, priceCents }) => `('${id}', ${priceCents})`).join(', ')}
    on conflict do nothing;
`;

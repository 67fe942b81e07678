import { products } from '../../service/catalogue.ts';

/** Orders keeps its own price list, as every context keeps what it decides by. Ids are in order of time (UUIDv7). */
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
    status text not null default 'pending' check (status in ('pending', 'accepted', 'failed')),
    failure text,
    created_at timestamptz not null default clock_timestamp(),
    decided_at timestamptz,
    unique (customer, idempotency_key)
  );
  create index if not exists orders_created_at on orders (created_at);
  create index if not exists orders_decided_at on orders (decided_at);
  insert into price_list (product_id, price_cents)
    values ${products.map(({ id, priceCents }) => `('${id}', ${priceCents})`).join(', ')}
    on conflict do nothing;
`;

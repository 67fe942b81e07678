import { products, type Product } from '../../service/catalogue.ts';
import type { Database } from '../../service/database.ts';

const seed = JSON.stringify(products).replaceAll("'", "''");

export const migration = `
  create table if not exists products (
    id text primary key,
    name text not null,
    description text not null,
    price_cents integer not null check (price_cents > 0)
  );
  insert into products (id, name, description, price_cents)
    select id, name, description, "priceCents"
    from jsonb_to_recordset('${seed}') as seed (id text, name text, description text, "priceCents" integer)
    on conflict do nothing;
`;

export async function listProducts(database: Database): Promise<Product[]> {
  const { rows } = await database.query<Product>(
    'select id, name, description, price_cents as "priceCents" from products order by name',
  );
  return rows;
}

import { products } from '../../service/catalogue.ts';
import { inTransaction, type Database } from '../../service/database.ts';
import { Failure } from '../../service/failure.ts';
import type { OrderItem } from '../../service/order-items.ts';

/** Enough of each product for weeks at the highest load, so that no lab runs out of stock unless it means to. */
const delivered = 100_000_000;

/** Oversold is what is reserved beyond what was received; the check makes the database the last to refuse it. */
export const migration = `
  create table if not exists stock (
    product_id text primary key,
    received integer not null,
    reserved integer not null default 0 check (reserved <= received)
  );
  create table if not exists reservations (
    order_id uuid not null,
    product_id text not null references stock,
    quantity integer not null check (quantity > 0),
    created_at timestamptz not null default now(),
    primary key (order_id, product_id)
  );
  create index if not exists reservations_created_at on reservations (created_at);
  insert into stock (product_id, received)
    values ${products.map(({ id }) => `('${id}', ${delivered})`).join(', ')}
    on conflict do nothing;
`;

/**
 * Reserves all items of an order or none. What is reserved for it already is not reserved again.
 *
 * @throws Failure 409 `out-of-stock`.
 */
export async function reserve(database: Database, orderId: string, items: OrderItem[]): Promise<void> {
  await inTransaction(database, async (client) => {
    // Always in the same order: two customers who want the same two products cannot lock each other out.
    for (const { productId, quantity } of items.toSorted((a, b) => (a.productId < b.productId ? -1 : 1))) {
      const reservation = await client.query(
        'insert into reservations (order_id, product_id, quantity) values ($1, $2, $3) on conflict do nothing',
        [orderId, productId, quantity],
      );
      if (reservation.rowCount === 0) continue;
      const { rowCount } = await client.query(
        'update stock set reserved = reserved + $2 where product_id = $1 and reserved + $2 <= received',
        [productId, quantity],
      );
      if (rowCount === 0) throw new Failure(409, 'out-of-stock', `There are no ${quantity} of ${productId} left.`);
    }
  });
}

import { products } from '../../service/catalogue.ts';
import { inTransaction, type Database, type DatabaseClient } from '../../service/database.ts';
import { Failure } from '../../service/failure.ts';
import type { OrderItem } from '../../service/order-items.ts';

/** Enough of each product for weeks at the highest load, so that no lab runs out of stock unless it means to. */
const delivered = 100_000_000;

/** Oversold is what is reserved beyond what was received. No check refuses it here: that is for the way of reserving to see to. */
export const migration = `
  create table if not exists stock (
    product_id text primary key,
    received integer not null,
    reserved integer not null default 0
  );
  alter table stock drop constraint if exists stock_check;
  create table if not exists reservations (
    order_id uuid not null,
    product_id text not null references stock,
    quantity integer not null check (quantity > 0),
    created_at timestamptz not null default now(),
    primary key (order_id, product_id)
  );
  create index if not exists reservations_created_at on reservations (created_at);
  create table if not exists releases (
    order_id uuid primary key,
    created_at timestamptz not null default now()
  );
  insert into stock (product_id, received)
    values ${products.map(({ id }) => `('${id}', ${delivered})`).join(', ')}
    on conflict do nothing;
`;

/** Takes so many of a product; false when there are not as many left. */
type Take = (client: DatabaseClient, productId: string, quantity: number) => Promise<boolean>;

const ways = {
  /** One statement looks and takes: the row is locked in between. */
  async atomic(client, productId, quantity) {
    const { rowCount } = await client.query(
      'update stock set reserved = reserved + $2 where product_id = $1 and reserved + $2 <= received',
      [productId, quantity],
    );
    return rowCount === 1;
  },

  /** Looks, and then takes: whoever looks in between finds the same left. */
  async naive(client, productId, quantity) {
    const { rows } = await client.query<{ left: number }>(
      'select received - reserved as left from stock where product_id = $1',
      [productId],
    );
    if (!rows[0] || rows[0].left < quantity) return false;
    await client.query('update stock set reserved = reserved + $2 where product_id = $1', [productId, quantity]);
    return true;
  },
} satisfies Record<string, Take>;

/**
 * Reserves all items of an order or none. What is reserved for it already is not reserved again.
 * The function throws Failure 409 `out-of-stock`, or `order-released` for one whose reservation came after its release.
 */
export function reservations(database: Database, way: keyof typeof ways) {
  const take: Take = ways[way];
  return (orderId: string, items: OrderItem[]): Promise<void> =>
    inTransaction(database, async (client) => {
      await oneAtATime(client, orderId);
      const released = await client.query('select from releases where order_id = $1', [orderId]);
      if (released.rowCount) throw new Failure(409, 'order-released', `The order ${orderId} has been given up.`);
      // Always in the same order: two customers who want the same two products cannot lock each other out.
      for (const { productId, quantity } of items.toSorted((a, b) => (a.productId < b.productId ? -1 : 1))) {
        const reservation = await client.query(
          'insert into reservations (order_id, product_id, quantity) values ($1, $2, $3) on conflict do nothing',
          [orderId, productId, quantity],
        );
        if (reservation.rowCount === 0) continue;
        if (await take(client, productId, quantity)) continue;
        throw new Failure(409, 'out-of-stock', `There are no ${quantity} of ${productId} left.`);
      }
    });
}

/** Lets go of whatever is reserved for an order, and of what may yet come to be. Done again, it does nothing. */
export function releases(database: Database) {
  return (orderId: string): Promise<void> =>
    inTransaction(database, async (client) => {
      await oneAtATime(client, orderId);
      await client.query('insert into releases (order_id) values ($1) on conflict do nothing', [orderId]);
      await client.query(
        `with released as (delete from reservations where order_id = $1 returning product_id, quantity)
         update stock set reserved = reserved - quantity from released where stock.product_id = released.product_id`,
        [orderId],
      );
    });
}

/**
 * Until the end of the transaction, for this order. A reservation that is not committed yet is not there for who releases it: it would stay
 * for ever, and it is the slow ones whose callers give up and compensate.
 */
async function oneAtATime(client: DatabaseClient, orderId: string): Promise<void> {
  await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [orderId]);
}

import type { Database } from '../../service/database.ts';
import { Failure } from '../../service/failure.ts';
import type { OrderItem } from '../../service/order-items.ts';
import { migration } from './migration.ts';

export interface Order {
  id: string;
  status: 'pending' | 'accepted' | 'failed';
  items: OrderItem[];
  amountCents: number;
  /** Why it failed: the code of the failure. */
  failure: string | null;
  createdAt: string;
}

export interface NewOrder {
  customer: string;
  items: OrderItem[];
  /** The customer's own name for this order; a second order under it is the first one again. */
  key?: string | undefined;
}

const columns = 'id, status, items, amount_cents as "amountCents", failure, created_at as "createdAt"';

/** @param abandonedAfterSeconds without a word of a checkout, which says every few seconds that it is under way (`ongoing-checkouts.ts`) */
export function orderStore(database: Database, abandonedAfterSeconds = 20) {
  return {
    migration,

    /** What the items cost today. @throws Failure 400 `no-such-product`. */
    async price(items: OrderItem[]): Promise<number> {
      const { rows } = await database.query<{ known: string; cents: string }>(
        `select count(*) as known, sum(item.quantity * price_cents) as cents
         from jsonb_to_recordset($1::jsonb) as item ("productId" text, quantity integer)
         join price_list on price_list.product_id = item."productId"`,
        [JSON.stringify(items)],
      );
      const [{ known, cents } = { known: 0, cents: 0 }] = rows;
      if (Number(known) === items.length) return Number(cents);
      throw new Failure(400, 'no-such-product', 'The order names a product that is not for sale.');
    },

    /** Notes the order as pending. Undefined when the key is taken. */
    async begin({ customer, items, key }: NewOrder, amountCents: number): Promise<Order | undefined> {
      const { rows } = await database.query<Order>(
        `insert into orders (customer, idempotency_key, items, amount_cents) values ($1, $2, $3, $4)
         on conflict (customer, idempotency_key) do nothing
         returning ${columns}`,
        [customer, key ?? null, JSON.stringify(items), amountCents],
      );
      return rows[0];
    },

    async accept(id: string): Promise<void> {
      await database.query(
        `update orders set status = 'accepted', decided_at = clock_timestamp(), written_in = pg_current_xact_id()
         where id = $1 and status = 'pending'`,
        [id],
      );
    },

    async fail(id: string, failure: string): Promise<void> {
      await database.query(
        `update orders set status = 'failed', failure = $2, decided_at = clock_timestamp(),
           written_in = pg_current_xact_id() where id = $1 and status = 'pending'`,
        [id, failure],
      );
    },

    /** Says that these checkouts are still under way. */
    async stillTrying(ids: string[]): Promise<void> {
      await database.query(
        `update orders set attempted_at = clock_timestamp() where id = any($1::uuid[]) and status = 'pending'`,
        [ids],
      );
    },

    /** Orders whose checkout nobody goes on with, by the database's clock; now they are the caller's. */
    async takeOver(most: number, id?: string): Promise<Order[]> {
      const { rows } = await database.query<Order>(
        `update orders set attempted_at = clock_timestamp() where id in (
           select id from orders
           where status = 'pending' and attempted_at < clock_timestamp() - make_interval(secs => $1)
             and ($3::uuid is null or id = $3) limit $2 for update skip locked
         ) returning ${columns}`,
        [abandonedAfterSeconds, most, id ?? null],
      );
      return rows;
    },

    async find(id: string, customer: string): Promise<Order | undefined> {
      const { rows } = await database.query<Order>(
        `select ${columns} from orders where id::text = $1 and customer = $2`,
        [id, customer],
      );
      return rows[0];
    },

    async findByKey(key: string, customer: string): Promise<Order | undefined> {
      const { rows } = await database.query<Order>(
        `select ${columns} from orders where idempotency_key = $1 and customer = $2`,
        [key, customer],
      );
      return rows[0];
    },
  };
}

export type OrderStore = ReturnType<typeof orderStore>;

import { inTransaction, type Database, type DatabaseClient } from '../../service/database.ts';
import { Failure } from '../../service/failure.ts';
import type { OrderItem } from '../../service/order-items.ts';
import { migration } from './migration.ts';

export interface Order {
  id: string;
  /** `to-be-paid`: accepted, the customer knows; the payment follows. */
  status: 'pending' | 'to-be-paid' | 'accepted' | 'failed';
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

interface StoreOptions {
  /** Without a word of a checkout, which says every few seconds that it is under way (`ongoing-checkouts.ts`). */
  abandonedAfterSeconds: number;
  /** Whether what a failed order has left with others is to be undone (`compensation.ts`). */
  compensates: boolean;
}

const columns = 'id, status, items, amount_cents as "amountCents", failure, created_at as "createdAt"';

/** To the customer of an order that another replica has given up meanwhile. */
export const givenUp = (id: string) => new Failure(409, 'order-failed', `The order ${id} was given up; order again.`);

export function orderStore(database: Database, { abandonedAfterSeconds, compensates }: StoreOptions) {
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

    /** It is paid. False for one that has been given up: it stays so. */
    async accept(id: string): Promise<boolean> {
      const { rowCount } = await database.query(
        `update orders set status = 'accepted', decided_at = clock_timestamp(), written_in = pg_current_xact_id()
         where id = $1 and status in ('pending', 'to-be-paid')`,
        [id],
      );
      if (rowCount === 1) return true;
      const { rows } = await database.query<Pick<Order, 'status'>>('select status from orders where id = $1', [id]);
      return rows[0]?.status === 'accepted';
    },

    /** Accepts it before it is paid, and commits with it what `also` does. @throws Failure 409 `order-failed` when it has been given up. */
    async acceptUnpaid(id: string, also?: (client: DatabaseClient) => Promise<void>): Promise<void> {
      await inTransaction(database, async (client) => {
        const { rowCount } = await client.query(
          `update orders set status = 'to-be-paid', decided_at = clock_timestamp(), written_in = pg_current_xact_id()
           where id = $1 and status = 'pending'`,
          [id],
        );
        // By another replica, while this one could not run: whoever is told of it now would charge a failed order.
        if (rowCount === 0) throw givenUp(id);
        await also?.(client);
      });
    },

    async fail(id: string, failure: string): Promise<void> {
      await database.query(
        `update orders set status = 'failed', failure = $2, to_undo = $3, decided_at = clock_timestamp(),
           written_in = pg_current_xact_id() where id = $1 and status in ('pending', 'to-be-paid')`,
        [id, failure, compensates],
      );
    },

    /** Failed orders of which something is left with others; now they are the caller's for some seconds. */
    async takeToUndo(most: number, forSeconds: number): Promise<string[]> {
      const { rows } = await database.query<{ id: string }>(
        `update orders set attempted_at = clock_timestamp() + make_interval(secs => $2) where id in (
           select id from orders where to_undo and attempted_at < clock_timestamp() limit $1 for update skip locked
         ) returning id`,
        [most, forSeconds],
      );
      return rows.map(({ id }) => id);
    },

    async undone(id: string): Promise<void> {
      await database.query('update orders set to_undo = false where id = $1', [id]);
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

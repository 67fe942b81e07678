import type { Database, DatabaseClient } from '../../service/database.ts';

export interface Payment {
  orderId: string;
  amountCents: number;
  /** The bank's id of the charge. */
  bankCharge: string;
}

/** What payments knows of. The bank may know of more: a charge whose answer never came. */
export const migration = `
  create table if not exists payments (
    id uuid primary key default uuidv7(),
    order_id uuid not null,
    amount_cents integer not null,
    bank_charge uuid not null,
    created_at timestamptz not null default clock_timestamp()
  );
  alter table payments add column if not exists refunded_at timestamptz;
  create index if not exists payments_created_at on payments (created_at);
  create index if not exists payments_order_id on payments (order_id);
`;

/** The payment for an order; undefined where there is none that payments knows of. */
export async function findPayment(
  database: Database,
  orderId: string,
): Promise<(Payment & { id: string }) | undefined> {
  const { rows } = await database.query<Payment & { id: string }>(
    `select id, order_id as "orderId", amount_cents as "amountCents", bank_charge as "bankCharge"
     from payments where order_id = $1 order by id limit 1`,
    [orderId],
  );
  return rows[0];
}

export async function recordPayment(
  database: Database | DatabaseClient,
  payment: Payment,
): Promise<Payment & { id: string }> {
  const { rows } = await database.query<{ id: string }>(
    'insert into payments (order_id, amount_cents, bank_charge) values ($1, $2, $3) returning id',
    [payment.orderId, payment.amountCents, payment.bankCharge],
  );
  return { id: rows[0]!.id, ...payment };
}

export async function noteRefund(database: Database, orderId: string): Promise<void> {
  await database.query('update payments set refunded_at = clock_timestamp() where order_id = $1', [orderId]);
}

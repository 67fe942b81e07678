import { inTransaction, type Database, type DatabaseClient } from '../../service/database.ts';
import type { Log } from '../../service/log.ts';
import { mayPass } from './bank/charge-failure.ts';
import type { Charge } from './bank/charge.ts';
import { recordPayment } from './payment-store.ts';

/** Charges that the bank did not make when they were wanted, kept until it does. */
export const dueMigration = `
  create table if not exists charges_due (
    order_id uuid primary key,
    amount_cents integer not null,
    due_at timestamptz not null
  );
`;

/** A process that dies while it charges holds the charge for as long. */
const leaseSeconds = 60;

interface ChargesDueOptions {
  /** Charges at the bank: its id of the charge. */
  charge: (charge: Charge) => Promise<string>;
  /** Between two looks, and after a try that failed. */
  everyMs: number;
  log: Log;
}

/**
 * Keeps charges and makes them one after the other, since a bank that has just come back is best asked gently. Between a charge at the bank and
 * its record here the process may die: then it is charged again, unless it has an idempotency key.
 */
export function chargesDue(database: Database, { charge, everyMs, log }: ChargesDueOptions) {
  let pass = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  /** The next charge that is due is this process's for a while; other replicas pass over it. */
  async function take(): Promise<Charge | undefined> {
    const { rows } = await database.query<Charge>(
      `update charges_due set due_at = clock_timestamp() + make_interval(secs => $1) where order_id = (
         select order_id from charges_due where due_at <= clock_timestamp() order by due_at limit 1 for update skip locked
       ) returning order_id as "orderId", amount_cents as "amountCents"`,
      [leaseSeconds],
    );
    return rows[0];
  }

  /** Until none is due, or the bank fails. */
  async function makeAll(): Promise<void> {
    while (!stopped) {
      const next = await take();
      if (!next) return;
      const { orderId } = next;
      try {
        const bankCharge = await charge(next);
        await inTransaction(database, async (client) => {
          await recordPayment(client, { ...next, bankCharge });
          await drop(orderId, client);
        });
        log.info('Made a charge that was kept', { orderId });
      } catch (error) {
        if (mayPass(error)) {
          await postpone(orderId);
          throw error;
        }
        await drop(orderId);
        log.error('The bank will not make a charge that was kept', { orderId, error });
      }
    }
  }

  async function drop(orderId: string, client: Database | DatabaseClient = database): Promise<void> {
    await client.query('delete from charges_due where order_id = $1', [orderId]);
  }

  async function postpone(orderId: string): Promise<void> {
    await database.query(
      'update charges_due set due_at = clock_timestamp() + make_interval(secs => $2) where order_id = $1',
      [orderId, everyMs / 1_000],
    );
  }

  return {
    /** It is not wanted any more. */
    drop: (orderId: string) => drop(orderId),

    async keep({ orderId, amountCents }: Charge): Promise<void> {
      await database.query(
        `insert into charges_due (order_id, amount_cents, due_at)
         values ($1, $2, clock_timestamp() + make_interval(secs => $3)) on conflict do nothing`,
        [orderId, amountCents, everyMs / 1_000],
      );
    },

    async has(orderId: string): Promise<boolean> {
      const { rows } = await database.query('select from charges_due where order_id = $1', [orderId]);
      return rows.length > 0;
    },

    start(): void {
      const next = () => {
        pass = makeAll().catch((error: Error) => log.warn('What was kept is charged later', { error }));
        void pass.then(() => stopped || (timer = setTimeout(next, everyMs).unref()));
      };
      next();
    },

    /** Resolves when what is under way has ended. */
    async stop(): Promise<void> {
      stopped = true;
      clearTimeout(timer);
      await pass;
    },
  };
}

export type ChargesDue = ReturnType<typeof chargesDue>;

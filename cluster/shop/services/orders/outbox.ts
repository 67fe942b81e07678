import { context, propagation } from '@opentelemetry/api';
import { correlationHeader, correlationId, withCorrelation } from '../../service/correlation.ts';
import { inTransaction, type Database, type DatabaseClient } from '../../service/database.ts';
import type { Log } from '../../service/log.ts';
import type { Broker } from '../../messaging/broker.ts';
import type { ShopEvent } from '../../messaging/events.ts';

interface Row {
  id: string;
  event: ShopEvent;
  /** Of the trace and the request in which it was written. */
  headers: Record<string, string>;
}

const everyMs = 500;
const mostAtOnce = 100;

/** Notes an event in the transaction that makes it true: both are committed, or neither. */
export async function writeToOutbox(client: DatabaseClient, event: ShopEvent): Promise<void> {
  const headers: Record<string, string> = {};
  propagation.inject(context.active(), headers);
  const id = correlationId();
  if (id) headers[correlationHeader] = id;
  await client.query('insert into outbox (event, headers) values ($1, $2)', [event, headers]);
}

/**
 * Publishes what is in the outbox, the oldest first, and deletes what the broker has confirmed. A process that dies in between leaves
 * an event that is published again: at least once.
 */
export function outboxRelay(database: Database, broker: Broker, log: Log) {
  let busy = false;
  let again = false;

  /** One batch: how many were there, and why one of them could not be published. */
  const relay = (): Promise<{ found: number; failed: PromiseRejectedResult | undefined }> =>
    inTransaction(database, async (client) => {
      const { rows } = await client.query<Row>(
        'select id, event, headers from outbox order by id limit $1 for update skip locked',
        [mostAtOnce],
      );
      const sent = await Promise.allSettled(rows.map((row) => publish(row)));
      const done = rows.filter((_, index) => sent[index]!.status === 'fulfilled').map(({ id }) => id);
      await client.query('delete from outbox where id = any($1::uuid[])', [done]);
      // Not thrown: those that were published would be in the outbox again.
      return { found: rows.length, failed: sent.find((outcome) => outcome.status === 'rejected') };
    });

  const publish = ({ event, headers }: Row) =>
    withCorrelation(headers[correlationHeader], () =>
      context.with(propagation.extract(context.active(), headers), () => broker.publish(event)),
    );

  async function run(): Promise<void> {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      for (let more = true; more;) {
        again = false;
        const { found, failed } = await relay();
        if (failed) throw failed.reason;
        more = found === mostAtOnce || again;
      }
    } catch (error) {
      log.warn('Events stay in the outbox; they are published later', { error });
    } finally {
      busy = false;
    }
  }

  let timer: NodeJS.Timeout | undefined;
  return {
    begin: () => void (timer = setInterval(() => void run(), everyMs).unref()),
    /** There is something in it. */
    wake: () => void run(),
    stop: () => clearInterval(timer),
  };
}

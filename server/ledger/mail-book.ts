import pg from 'pg';
import type { Cluster } from '../../cluster/client/cluster.ts';
import { keeperOf, shopFacts } from '../shop-facts/shop-facts.ts';
import { ShopDatabase } from '../database/shop-database.ts';
import type { Database } from './books.ts';
import { firstIdSince } from './order-id.ts';

/** The book of mails. Who keeps it is there only while a pattern brings it. */
export interface MailBook {
  /** How many mails about orders made since then had been sent before; null while nobody keeps the book. @param since Unix time in ms */
  sentTwice(since: number): Promise<number | null>;
  close(): void;
}

export function mailBookOf(cluster: Cluster): MailBook {
  const database = new ShopDatabase(cluster, () => keeperOf(cluster, 'mails').database);
  return mailBook(database, () => shopFacts(cluster).some(({ books }) => books.some(({ book }) => book === 'mails')));
}

/** @param isKept whether there is somebody who keeps it */
export function mailBook(database: Database, isKept: () => boolean): MailBook {
  return {
    async sentTwice(since) {
      if (!isKept()) return null;
      try {
        const [count] = await database.query<{ mails: number }>(
          'select count(*)::int as mails from mails where copy > 0 and order_id >= $1',
          [firstIdSince(since)],
        );
        return count?.mails ?? null;
      } catch (error) {
        if (isNew(error)) return null;
        throw error;
      }
    },
    close: () => database.close(),
  };
}

/** Who keeps it makes its database and tables when it is ready for the first time. */
function isNew(error: unknown): boolean {
  return error instanceof pg.DatabaseError && ['3D000', '42P01'].includes(error.code ?? '');
}

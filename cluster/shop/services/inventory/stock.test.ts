import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { inTransaction, openDatabase, prepareDatabase, type Database } from '../../service/database.ts';
import { readEnvironment } from '../../service/environment.ts';
import { serviceLog } from '../../service/log.ts';
import { eventually } from '../../testing/eventually.ts';
import { startPostgres, type PostgresServer } from '../../testing/postgres-server.ts';
import { migration, releases, reservations } from './stock.ts';

describe('a reservation', () => {
  let postgres: PostgresServer;
  let database: Database;
  before(async () => {
    postgres = await startPostgres();
    const log = serviceLog('test', () => {});
    database = openDatabase(readEnvironment({ DATABASE_URL: postgres.url('inventory') }), log);
    await prepareDatabase(database, migration, log);
  });
  after(async () => {
    await database?.end();
    await postgres?.stop();
  });

  const waiting = async () => {
    const { rows } = await database.query(`select from pg_stat_activity where wait_event_type = 'Lock'`);
    return rows.length;
  };

  it('is released, although it is still being made when its order is given up', async () => {
    const orderId = randomUUID();
    const [reserve, release] = [reservations(database, 'atomic'), releases(database)];
    let isReleased = false;
    const work = await inTransaction(database, async (other) => {
      await other.query(`select from stock where product_id = 'sea-chart' for update`);
      const reserved = reserve(orderId, [{ productId: 'sea-chart', quantity: 2 }]);
      await eventually('it waits for its product', async () => ((await waiting()) === 1 ? true : undefined));
      const released = release(orderId).then(() => (isReleased = true));
      await eventually('the release waits, or is done', async () => isReleased || (await waiting()) === 2 || undefined);
      return [reserved, released];
    });
    await Promise.allSettled(work);
    const { rows } = await database.query('select product_id from stock where reserved <> 0');
    assert.deepEqual(rows, []);
    await assert.rejects(reserve(orderId, [{ productId: 'sea-chart', quantity: 2 }]), { code: 'order-released' });
  });
});

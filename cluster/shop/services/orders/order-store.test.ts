import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openDatabase, prepareDatabase, type Database } from '../../service/database.ts';
import { readEnvironment } from '../../service/environment.ts';
import { serviceLog } from '../../service/log.ts';
import { startPostgres, type PostgresServer } from '../../testing/postgres-server.ts';
import { synchronous } from './checkout.ts';
import { orderStore } from './order-store.ts';

describe('the store of orders', () => {
  let postgres: PostgresServer;
  let database: Database;
  before(async () => {
    postgres = await startPostgres();
    const log = serviceLog('test', () => {});
    database = openDatabase(readEnvironment({ DATABASE_URL: postgres.url('orders') }), log);
  });
  after(async () => {
    await database?.end();
    await postgres?.stop();
  });

  it('accepts no order that has been given up meanwhile, and tells nobody of it', async () => {
    const store = orderStore(database, { abandonedAfterSeconds: 20, compensates: false });
    await prepareDatabase(
      database,
      store.migration,
      serviceLog('test', () => {}),
    );
    const [given, kept] = await Promise.all(
      ['given-up', 'kept'].map((key) => store.begin({ customer: 'c', items: [], key }, 1)),
    );
    await store.fail(given!.id, 'abandoned');
    const told: string[] = [];
    const accept = (id: string) => store.acceptUnpaid(id, () => Promise.resolve(void told.push(id)));
    await assert.rejects(accept(given!.id), { code: 'order-failed' });
    await accept(kept!.id);
    assert.deepEqual(told, [kept!.id]);
    assert.equal((await store.find(given!.id, 'c'))?.status, 'failed');
    const pay = async () => 'made' as const;
    const { accept: acknowledge } = synchronous(store, pay);
    await assert.rejects(acknowledge(given!, 'made'), { code: 'order-failed' });
    assert.deepEqual([await acknowledge(kept!, 'made'), await acknowledge(kept!, 'made')], ['accepted', 'accepted']);
  });
});

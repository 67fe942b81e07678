import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { connect, type ChannelModel } from 'amqplib';
import { brokerOf } from '../../messaging/broker.ts';
import { exchange } from '../../messaging/topology.ts';
import { inTransaction, openDatabase, prepareDatabase, type Database } from '../../service/database.ts';
import { readEnvironment } from '../../service/environment.ts';
import { serviceLog } from '../../service/log.ts';
import { eventually } from '../../testing/eventually.ts';
import { startPostgres, type PostgresServer } from '../../testing/postgres-server.ts';
import { startBroker, type RunningBroker } from '../../testing/running-broker.ts';
import { migration } from './migration.ts';
import { outboxRelay, writeToOutbox } from './outbox.ts';

describe('the relay of the outbox', () => {
  const problems: string[] = [];
  const log = serviceLog('test', (line) => problems.push(line));
  let [postgres, broker]: [PostgresServer?, RunningBroker?] = [];
  let database: Database;
  let connection: ChannelModel;
  before(async () => {
    [postgres, broker] = await Promise.all([startPostgres(), startBroker()]);
    database = openDatabase(readEnvironment({ DATABASE_URL: postgres.url('orders') }), log);
    await prepareDatabase(database, migration, log);
    connection = await connect(broker.url);
  });
  after(async () => {
    await connection?.close();
    await database?.end();
    await Promise.all([postgres?.stop(), broker?.stop()]);
  });

  it('publishes once what the broker has taken, also beside what it does not take', async (t) => {
    const shop = brokerOf(readEnvironment({ BROKER_URL: broker!.url }), log);
    t.after(() => shop.close());
    await shop.begin();
    // Without its only binding the broker returns it.
    const channel = await connection.createChannel();
    await channel.unbindQueue('orders', exchange, 'payment.failed');
    const [taken, returned] = [randomUUID(), randomUUID()];
    await inTransaction(database, async (client) => {
      await writeToOutbox(client, { name: 'payment.failed', body: { orderId: returned } });
      await writeToOutbox(client, { name: 'order.accepted', body: { orderId: taken, amountCents: 1 } });
    });
    const relay = outboxRelay(database, shop, log);
    relay.wake();
    await eventually('it has tried', () => problems.some((line) => line.includes('stay in the outbox')) || undefined);
    const { rows } = await database.query<{ name: string }>(`select event->>'name' as name from outbox`);
    assert.deepEqual(rows, [{ name: 'payment.failed' }]);
    assert.equal((await channel.checkQueue('payments')).messageCount, 1);
  });
});

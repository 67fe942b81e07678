import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import pg from 'pg';
import { migration as bankMigration } from '../../cluster/shop/services/bank/charges.ts';
import { migration as inventoryMigration } from '../../cluster/shop/services/inventory/stock.ts';
import { migration as ordersMigration } from '../../cluster/shop/services/orders/migration.ts';
import { startPostgres, type PostgresServer } from '../../cluster/shop/testing/postgres-server.ts';
import { Ledger, type Book } from './ledger.ts';

const migrations = { orders: ordersMigration, bank: bankMigration, inventory: inventoryMigration };
let postgres: PostgresServer;
const clients = {} as Record<keyof typeof migrations, pg.Client>;

before(async () => {
  postgres = await startPostgres();
  const shop = new pg.Client(postgres.url('postgres'));
  await shop.connect();
  for (const [name, migration] of Object.entries(migrations)) {
    await shop.query(`create database ${name}`);
    const client = (clients[name as keyof typeof migrations] = new pg.Client(postgres.url(name)));
    await client.connect();
    await client.query(migration);
  }
  await shop.end();
});
after(async () => {
  for (const client of Object.values(clients)) await client.end();
  await postgres.stop();
});
beforeEach(async () => {
  await clients.orders.query('delete from orders');
  await clients.bank.query('delete from charges');
});

/** An order decided now, with so many charges. */
async function order(status: 'accepted' | 'failed', charges: number): Promise<string> {
  const { rows } = await clients.orders.query<{ id: string }>(
    `insert into orders (customer, items, amount_cents, status, decided_at)
     values ('c', '[]', 1, $1, clock_timestamp()) returning id`,
    [status],
  );
  for (let i = 0; i < charges; i++) await charge(rows[0]!.id);
  return rows[0]!.id;
}

const charge = (id: string) => clients.bank.query('insert into charges (reference, amount_cents) values ($1, 1)', [id]);

/** A moment, in ms of the database's clock, between the orders made before and those made after. */
async function moment(): Promise<number> {
  const clock = async () => {
    const sql = 'select floor(extract(epoch from clock_timestamp()) * 1000)::float as ms';
    return (await clients.orders.query<{ ms: number }>(sql)).rows[0]!.ms;
  };
  const next = (await clock()) + 1;
  while ((await clock()) < next);
  return next;
}

function ledgerOf(startedAt: number, since: () => number): Ledger {
  const book = (client: pg.Client): Book => ({
    query: async <Row extends object>(sql: string, values: unknown[] = []) =>
      (await client.query(sql, values)).rows as Row[],
    close: () => undefined,
  });
  const { orders, bank, inventory } = clients;
  return new Ledger({
    ...{ orders: book(orders), bank: book(bank), inventory: book(inventory), startedAt, since },
    onProblem: (error) => {
      throw error;
    },
  });
}

test('a learner who begins anew counts anew, while the total goes on', async () => {
  const startedAt = await moment();
  let since = startedAt;
  const ledger = ledgerOf(startedAt, () => since);
  assert.equal(ledger.total(), null);
  await order('accepted', 1);
  await order('failed', 2);
  const underWay = await order('accepted', 0);
  await ledger.count();
  const { accepted, failed, chargedTwice, acceptedNeverCharged } = ledger.current()!;
  assert.deepEqual([accepted, failed, chargedTwice, acceptedNeverCharged], [2, 1, 1, 1]);
  assert.equal(ledger.total()?.accepted, 2);

  since = await moment();
  await order('accepted', 1);
  await charge(underWay);
  await ledger.count();
  await ledger.count();
  assert.deepEqual([ledger.current()?.accepted, ledger.current()?.failed, ledger.current()?.since], [1, 0, since]);
  assert.deepEqual(
    [ledger.total()?.accepted, ledger.total()?.failed, ledger.total()?.chargedTwice, ledger.total()?.chargedOnce],
    [3, 1, 1, 3],
  );
});

test('a run that is older than this process keeps its orders, the total begins with the process', async () => {
  const begun = await moment();
  await order('accepted', 1);
  const startedAt = await moment();
  const ledger = ledgerOf(startedAt, () => begun);
  await order('accepted', 2);
  await ledger.count();
  assert.deepEqual([ledger.current()?.accepted, ledger.current()?.chargedTwice], [2, 1]);
  assert.deepEqual([ledger.total()?.accepted, ledger.total()?.chargedOnce], [1, 0]);
});

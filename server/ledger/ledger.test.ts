import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import pg from 'pg';
import { migration as bankMigration } from '../../cluster/shop/services/bank/charges.ts';
import { migration as inventoryMigration } from '../../cluster/shop/services/inventory/stock.ts';
import { migration as ordersMigration } from '../../cluster/shop/services/orders/migration.ts';
import { startPostgres, type PostgresServer } from '../../cluster/shop/testing/postgres-server.ts';
import { chargeBook, orderBook, type Database } from './books.ts';
import { StateFile } from '../state-file.ts';
import { ledgerRecordSchema, type LedgerRecord } from './ledger-record.ts';
import { Ledger } from './ledger.ts';

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
  await clients.orders.query('truncate orders');
  await clients.bank.query('truncate charges');
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

function database(client: pg.Client): Database {
  return {
    query: async <Row extends object>(sql: string, values: unknown[] = []) =>
      (await client.query(sql, values)).rows as Row[],
    close: () => undefined,
  };
}

function open({
  since = () => null,
  file,
}: { since?: () => number | null; file?: StateFile<LedgerRecord> } = {}): Ledger {
  const { orders, bank, inventory } = clients;
  const books = {
    orders: orderBook(database(orders)),
    bank: chargeBook(database(bank)),
    inventory: database(inventory),
  };
  const onProblem = (error: unknown) => {
    throw error;
  };
  return new Ledger({ ...books, since, onProblem, ...(file && { file }) });
}

/** Waits until the newest millisecond of an order's id has passed. */
async function moment(): Promise<number> {
  const { rows } = await clients.orders.query<{ ms: number }>(
    'select floor(extract(epoch from clock_timestamp()) * 1000)::float as ms',
  );
  const next = rows[0]!.ms + 1;
  while (Date.now() < next);
  return next;
}

test('a learner who begins anew counts anew, while the total goes on', async () => {
  let since: number | null = null;
  const ledger = open({ since: () => since });
  assert.equal(ledger.total(), null);
  await order('accepted', 1);
  await order('failed', 2);
  const underWay = await order('accepted', 0);
  await ledger.count();
  const { accepted, failed, chargedTwice, acceptedNeverCharged } = ledger.current()!;
  assert.deepEqual([accepted, failed, chargedTwice, acceptedNeverCharged], [2, 1, 1, 1]);
  assert.deepEqual(ledger.current(), ledger.total());

  since = await moment();
  await ledger.count();
  await order('accepted', 1);
  await charge(underWay);
  await ledger.count();
  assert.deepEqual([ledger.current()?.accepted, ledger.current()?.failed, ledger.current()?.since], [1, 0, since]);
  const total = ledger.total()!;
  assert.deepEqual([total.accepted, total.failed, total.chargedTwice, total.chargedOnce], [3, 1, 1, 3]);
});

test('a transaction that began early and commits late is counted, once', async () => {
  const late = new pg.Client(postgres.url('orders'));
  await late.connect();
  try {
    const ledger = open();
    await late.query('begin');
    await late.query("insert into orders (customer, items, amount_cents, status) values ('late', '[]', 1, 'accepted')");
    await order('accepted', 1);
    await ledger.count();
    assert.equal(ledger.total()?.accepted, 0, 'what is not certain yet is not read');
    await late.query('commit');
    for (let reading = 0; reading < 3; reading++) await ledger.count();
    assert.deepEqual([ledger.total()?.accepted, ledger.total()?.chargedOnce], [2, 1]);
  } finally {
    await late.end();
  }
});

test('a decision that comes after the order was read is counted, and its order no second time', async () => {
  const ledger = open();
  const { rows } = await clients.orders.query<{ id: string }>(
    "insert into orders (customer, items, amount_cents) values ('c', '[]', 1) returning id",
  );
  await ledger.count();
  await clients.orders.query(
    `update orders set status = 'accepted', written_in = pg_current_xact_id() where id = '${rows[0]!.id}'`,
  );
  await charge(rows[0]!.id);
  await charge('rent for May');
  await ledger.count();
  await ledger.count();
  assert.deepEqual([ledger.total()?.accepted, ledger.total()?.chargedOnce], [1, 1]);
});

test('a restarted server goes on where the count was saved, and counts anew in other databases', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-'));
  try {
    const file = new StateFile({
      path: join(folder, 'ledger.json'),
      schema: ledgerRecordSchema,
      withoutIt: 'all is counted again',
      onProblem: (error) => assert.fail(String(error)),
    });
    const first = open({ file });
    await order('accepted', 2);
    await first.count();
    const saved = first.total()!;
    await order('failed', 0); // while no server runs
    // Closing saves the count; the clients stay open, for they are this test's.
    first.close();
    const second = open({ file });
    await second.count();
    const { accepted, chargedTwice, failed } = second.total()!;
    assert.deepEqual([accepted, chargedTwice, failed], [saved.accepted, saved.chargedTwice, 1]);

    second.close();
    await clients.orders.query('truncate orders');
    await clients.orders.query('update book set id = uuidv7()');
    const third = open({ file });
    await third.count();
    assert.equal(third.total()?.accepted, 0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

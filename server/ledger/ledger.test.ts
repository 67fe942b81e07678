import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import pg from 'pg';
import { migration as inventoryMigration } from '../../cluster/shop/services/inventory/stock.ts';
import { migration as mailsMigration } from '../../cluster/shop/services/notifications/mails.ts';
import { migration as ordersMigration } from '../../cluster/shop/services/orders/migration.ts';
import { startPostgres, type PostgresServer } from '../../cluster/shop/testing/postgres-server.ts';
import { chargeBook } from './bank-statement.ts';
import { orderBook, type Database } from './books.ts';
import { StateFile } from '../state-file.ts';
import { ledgerRecordSchema, type LedgerRecord } from './ledger-record.ts';
import { Ledger } from './ledger.ts';
import { mailBook } from './mail-book.ts';
import { openBank, type RunningBank } from './testing/running-bank.ts';

const migrations = { orders: ordersMigration, inventory: inventoryMigration, notifications: mailsMigration };
let postgres: PostgresServer;
let bank: RunningBank;
let mailsAreKept = true;
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
  bank = await openBank();
});

afterEach(() => bank.close());

/** An order decided now, with so many charges. */
async function order(status: 'accepted' | 'failed', charges: number): Promise<string> {
  const { rows } = await clients.orders.query<{ id: string }>(
    `insert into orders (customer, items, amount_cents, status, decided_at)
     values ('c', '[]', 1, $1, clock_timestamp()) returning id`,
    [status],
  );
  for (let i = 0; i < charges; i++) charge(rows[0]!.id);
  return rows[0]!.id;
}

const charge = (reference: string) => bank.book.record({ reference, amountCents: 1 });

function database(client: pg.Client): Database {
  return {
    query: async <Row extends object>(sql: string, values: unknown[] = []) =>
      (await client.query(sql, values)).rows as Row[],
    close: () => undefined,
  };
}

function open(file?: StateFile<LedgerRecord>, now?: () => number): Ledger {
  const { orders, inventory, notifications } = clients;
  const books = {
    orders: orderBook(database(orders)),
    bank: chargeBook((request) => bank.ask(request)),
    inventory: database(inventory),
    mails: mailBook(database(notifications), () => mailsAreKept),
  };
  const onProblem = (error: unknown) => {
    throw error;
  };
  return new Ledger({ ...books, onProblem, ...(file && { file }), ...(now && { now }) });
}

test('what is decided and charged is counted, also of orders counted before', async () => {
  const ledger = open();
  assert.equal(ledger.total(), null);
  await order('accepted', 1);
  await order('failed', 2);
  const underWay = await order('accepted', 0);
  await ledger.count();
  const { accepted, failed, chargedTwice, acceptedNeverCharged } = ledger.total()!;
  assert.deepEqual([accepted, failed, chargedTwice, acceptedNeverCharged], [2, 1, 1, 1]);

  await order('accepted', 1);
  charge(underWay);
  await ledger.count();
  const total = ledger.total()!;
  assert.deepEqual([total.accepted, total.failed, total.chargedTwice, total.chargedOnce], [3, 1, 1, 3]);
  assert.equal(total.acceptedNeverCharged, 0);
});

test('how long after they were made orders are paid, is told of those that were paid in the last seconds', async () => {
  let now = Date.now();
  const ledger = open(undefined, () => now);
  const paid = (status: string, madeAgo: number, paidAgo: number) =>
    clients.orders.query(
      `insert into orders (customer, items, amount_cents, status, created_at, decided_at) values ('c', '[]', 1, $1,
         clock_timestamp() - make_interval(secs => $2), clock_timestamp() - make_interval(secs => $3))`,
      [status, madeAgo, paidAgo],
    );
  await paid('accepted', 900, 60);
  await paid('failed', 9, 0);
  await paid('to-be-paid', 9, 0);
  await ledger.count();
  assert.equal(ledger.paidAfter(), null, 'paid long ago, failed, or not paid yet');
  for (let i = 0; i < 19; i++) await paid('accepted', 2, 1);
  await paid('accepted', 40, 1);
  now += 1_000;
  await ledger.count();
  assert.equal(Math.round(ledger.paidAfter()! / 100), 10, '95 % of them within a second');
  await paid('accepted', 41, 1);
  now += 1_000;
  await ledger.count();
  assert.equal(Math.round(ledger.paidAfter()! / 1000), 39);
  now += 10_000;
  assert.equal(ledger.paidAfter(), null);
});

test('charges of a failed order that are given back are refunded, and no charge without an order any more', async () => {
  const ledger = open();
  const failed = await order('failed', 2);
  await ledger.count();
  assert.deepEqual([ledger.total()!.chargedNeverAccepted, ledger.total()!.refunded], [1, 0]);
  bank.book.refund(failed);
  bank.book.refund(await order('failed', 0));
  await ledger.count();
  const { chargedNeverAccepted, refunded, chargedTwice } = ledger.total()!;
  assert.deepEqual([chargedNeverAccepted, refunded, chargedTwice], [0, 1, 1]);
});

test('mails beyond the first of their kind are counted, also when nobody keeps the book any more', async () => {
  const ledger = open();
  const id = await order('accepted', 1);
  for (const copy of [0, 1, 2]) {
    await clients.notifications.query("insert into mails (order_id, kind, copy) values ($1, 'order-paid', $2)", [
      id,
      copy,
    ]);
  }
  await ledger.count();
  assert.equal(ledger.total()!.mailsTwice, 2);
  mailsAreKept = false;
  await ledger.count();
  mailsAreKept = true;
  assert.equal(ledger.total()!.mailsTwice, 2);
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
  charge(rows[0]!.id);
  charge('rent for May');
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
    const first = open(file);
    await order('accepted', 2);
    await first.count();
    const saved = first.total()!;
    await order('failed', 0); // while no server runs
    // Closing saves the count; the clients stay open, for they are this test's.
    first.close();
    const second = open(file);
    await second.count();
    const { accepted, chargedTwice, failed } = second.total()!;
    assert.deepEqual([accepted, chargedTwice, failed], [saved.accepted, saved.chargedTwice, 1]);

    second.close();
    await clients.orders.query('truncate orders');
    await clients.orders.query('update book set id = uuidv7()');
    const third = open(file);
    await third.count();
    assert.equal(third.total()?.accepted, 0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('while the bank is away the count waits, and what happened meanwhile is counted once when it is back', async () => {
  const ledger = open();
  const waiting = await order('accepted', 1);
  await ledger.count();
  const { countedAt } = ledger.total()!;
  bank.away = true;
  await order('accepted', 1);
  charge(waiting);
  for (let times = 0; times < 2; times++) await assert.rejects(ledger.count(), /no bank here/);
  assert.deepEqual(
    [ledger.total()!.countedAt, ledger.total()!.accepted],
    [countedAt, 1],
    'it says as of when it counted',
  );
  bank.away = false;
  for (let times = 0; times < 2; times++) await ledger.count();
  assert.deepEqual([ledger.total()!.accepted, ledger.total()!.chargedOnce, ledger.total()!.chargedTwice], [2, 1, 1]);
});

test('a bank that begins another book is not read on by the cursor of the old one', async () => {
  const ledger = open();
  await order('accepted', 2);
  await ledger.count();
  assert.equal(ledger.total()!.chargedTwice, 1);
  await bank.close();
  bank = await openBank();
  await order('accepted', 1);
  await ledger.count();
  const { accepted, chargedOnce, chargedTwice, acceptedNeverCharged } = ledger.total()!;
  assert.deepEqual([accepted, chargedOnce, chargedTwice, acceptedNeverCharged], [1, 1, 0, 0]);
});

test('an answer of the bank that is no statement is refused, and nothing of it counted', async () => {
  const lines = [{ sequence: 1, reference: 'a', amountCents: 1 }];
  const book = '018bcfe5-6800-7000-8000-0123456789ab';
  for (const body of ['<html>', '{"lines":[]}', JSON.stringify({ book, lines: [...lines, ...lines] })]) {
    const charges = chargeBook(async () => ({ status: 200, body }));
    await assert.rejects(async () => {
      await charges.identity();
      await charges.read(null, 10);
    }, /The bank (answered|gave)/);
  }
});

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startShop, type RunningShop } from '../../cluster/shop/testing/running-shop.ts';
import type { ServiceName } from '../../cluster/shop/testing/running-service.ts';
import { chargeBook } from './bank-statement.ts';
import { orderBook } from './books.ts';
import { Ledger } from './ledger.ts';

let shop: RunningShop;
let token: string;
before(async () => {
  shop = await startShop({ only: ['gateway', 'auth', 'orders', 'inventory', 'payments', 'bank'] });
  token = await shop.login();
});
after(() => shop?.stop());

const database = (name: ServiceName) => ({
  query: <Row extends object>(sql: string, values?: unknown[]) => shop.query<Row>(name, sql, values),
  close: () => undefined,
});

async function ledger() {
  const count = new Ledger({
    orders: orderBook(database('orders')),
    bank: chargeBook(async ({ method = 'GET', path, body }) => {
      const answer = await fetch(shop.admin.bank + path, {
        method,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { status: answer.status, body: await answer.text() };
    }),
    inventory: database('inventory'),
    mails: { sentTwice: async () => null, close: () => undefined },
    onProblem: (error) => assert.fail(String(error)),
  });
  await count.count();
  return count.total()!;
}

/** So many customers want two sea charts each at once, of which there are three left. How many got them. */
async function rush(customers: number): Promise<number> {
  await shop.query('inventory', "update stock set received = reserved + 3 where product_id = 'sea-chart'");
  const answers = await Promise.all(Array.from({ length: customers }, () => shop.order(token)));
  const failed = answers.filter(({ status }) => status !== 201);
  assert.ok(
    failed.every(({ status }) => status === 409),
    'who gets none is told that there are none left',
  );
  return answers.length - failed.length;
}

test('of the last items no more are sold than there are, when looking and taking is one', async () => {
  for (let round = 0; round < 5; round++) assert.equal(await rush(12), 1);
  const { oversold, accepted } = await ledger();
  assert.deepEqual([oversold, accepted], [0, 5]);
});

test('of the last items more are sold than there are, when one looks first and takes then', async () => {
  await shop.restart('inventory', { STOCK_RESERVATION: 'naive' });
  let most = 0;
  for (let round = 0; round < 10 && most < 2; round++) most = Math.max(most, await rush(12));
  assert.ok(most >= 2, 'two customers got the same chart');
  assert.equal((await ledger()).oversold, most * 2 - 3);
});

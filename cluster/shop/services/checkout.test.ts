import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { products } from '../service/catalogue.ts';
import { monolithic, startShop, type RunningShop } from '../testing/running-shop.ts';
import type { ServiceName } from '../testing/running-service.ts';

interface Order {
  id: string;
  status: string;
  amountCents: number;
}

async function failure(answer: Response): Promise<{ status: number; code: string }> {
  const { error } = (await answer.json()) as { error: { code: string; message: string; correlationId: string } };
  assert.ok(error.message && error.correlationId, 'an error says what happened and under which id to look for it');
  return { status: answer.status, code: error.code };
}

const services: ServiceName[] = ['gateway', 'auth', 'orders', 'inventory', 'payments', 'bank', 'catalog', 'users'];

for (const [architecture, only] of Object.entries({ services, 'a monolith': monolithic })) {
  describe(`checkout through the gateway, of ${architecture}`, () => {
    let shop: RunningShop;
    let token: string;
    before(async () => {
      shop = await startShop({ only });
      token = await shop.login();
    });
    after(() => shop?.stop());

    const bankFails = (percent: number) =>
      shop.bankBehaves(...(percent > 0 ? [{ behaviour: 'failing', parameters: { percent } }] : []));

    it('has the order, the reservation, the payment and the charge committed when it answers 201', async () => {
      const answer = await shop.order(token);
      const order = (await answer.json()) as Order;
      assert.equal(answer.status, 201, JSON.stringify(order));
      assert.equal(order.amountCents, 2 * 2490);
      const [row] = await shop.query('orders', 'select status, customer from orders where id = $1', [order.id]);
      assert.deepEqual(row, { status: 'accepted', customer: 'customer-01' });
      const reserved = await shop.query('inventory', 'select quantity from reservations where order_id = $1', [
        order.id,
      ]);
      assert.deepEqual(reserved, [{ quantity: 2 }]);
      assert.equal((await shop.query('payments', 'select 1 from payments where order_id = $1', [order.id])).length, 1);
      assert.equal(shop.charges(order.id), 1);
    });

    it('gives the first order again when the customer repeats it under the same key', async () => {
      const [first, second] = [
        await shop.order(token, { 'idempotency-key': 'k1' }),
        await shop.order(token, { 'idempotency-key': 'k1' }),
      ];
      const [one, two] = [(await first.json()) as Order, (await second.json()) as Order];
      assert.equal(one.id, two.id);
      assert.equal(two.status, 'accepted');
      assert.equal(shop.charges(one.id), 1);
    });

    it('fails the order when the bank refuses, and keeps the reservation: there is no saga', async () => {
      await bankFails(100);
      assert.deepEqual(await failure(await shop.order(token)), { status: 502, code: 'payment-failed' });
      await bankFails(0);
      const [order] = await shop.query<{ id: string; status: string; failure: string }>(
        'orders',
        'select id, status, failure from orders order by created_at desc limit 1',
      );
      assert.equal(order?.status, 'failed');
      assert.equal(order.failure, 'payment-failed');
      assert.equal(
        (await shop.query('inventory', 'select 1 from reservations where order_id = $1', [order.id])).length,
        1,
      );
      assert.equal(shop.charges(order.id), 0);
    });

    it('refuses who is not logged in, and what is not an order', async () => {
      const url = `${shop.url}/api/orders`;
      const post = (body: string, headers: Record<string, string>) => fetch(url, { method: 'POST', body, headers });
      const authorization = `Bearer ${token}`;
      assert.deepEqual(await failure(await post('{}', {})), { status: 401, code: 'no-token' });
      assert.deepEqual(await failure(await post('{}', { authorization: 'Bearer x.y.z' })), {
        status: 401,
        code: 'bad-token',
      });
      assert.deepEqual(await failure(await post('{', { authorization })), { status: 400, code: 'malformed-json' });
      assert.deepEqual(await failure(await post('{"items":[]}', { authorization })), {
        status: 400,
        code: 'invalid-body',
      });
      const unknown = '{"items":[{"productId":"whale","quantity":1}]}';
      assert.deepEqual(await failure(await post(unknown, { authorization })), { status: 400, code: 'no-such-product' });
      const long = 'x'.repeat(100_000);
      assert.deepEqual(await failure(await post(long, { authorization })), { status: 413, code: 'body-too-large' });
    });

    it('shows products to anyone and a profile to its customer', async () => {
      const url = shop.url;
      const { products } = (await (await fetch(`${url}/api/products`)).json()) as { products: { id: string }[] };
      assert.equal(products.length, 12);
      const one = await fetch(`${url}/api/products/${products[0]!.id}`);
      assert.equal(((await one.json()) as { id: string }).id, products[0]!.id);
      assert.deepEqual(await failure(await fetch(`${url}/api/products/whale`)), {
        status: 404,
        code: 'no-such-product',
      });
      const me = await fetch(`${url}/api/users/me`, { headers: { authorization: `Bearer ${token}` } });
      assert.equal(((await me.json()) as { id: string }).id, 'customer-01');
    });

    it('writes the correlation id of a request into the log lines it causes in every service', async () => {
      await bankFails(100);
      await shop.order(token, { 'x-correlation-id': 'find-me' });
      await bankFails(0);
      for (const name of ['orders', 'payments', 'bank'] as const) {
        const { log } = shop.services[only.includes(name) ? name : 'shop-monolith'];
        const line = log.find((entry) => {
          return entry['correlation_id'] === 'find-me' && (entry['module'] ?? entry['service']) === name;
        });
        assert.equal(line?.['level'], 'warn', `${name} logged under the id`);
      }
    });

    it('fails one order in eighteen with release v2 of orders, and no other: the average of a canary hides it', async () => {
      const everything = products.flatMap(({ id }) => [1, 2, 3].map((quantity) => ({ productId: id, quantity })));
      const statuses = async (RELEASE: string) => {
        await shop.restart(only.includes('orders') ? 'orders' : 'shop-monolith', { RELEASE });
        const answers = everything.map(async (item) => {
          const headers = { authorization: `Bearer ${token}` };
          const body = JSON.stringify({ items: [item] });
          const answer = await fetch(`${shop.url}/api/orders`, { method: 'POST', headers, body });
          const { amountCents } = (await answer.json()) as { amountCents?: number };
          return { ...item, status: answer.status, amountCents };
        });
        return Promise.all(answers);
      };
      const before = shop.charges();
      const [v1, v2] = [await statuses('v1'), await statuses('v2')];
      const failed = v2.filter(({ status }) => status === 500);
      assert.ok(v1.every(({ status }) => status === 201));
      assert.deepEqual(
        failed.map(({ productId, quantity }) => `${quantity} ${productId}`),
        ['3 oilskin-jacket', '3 life-jacket'],
      );
      assert.equal(failed.length / v2.length, 1 / 18);
      assert.equal(shop.charges() - before, v1.length + v2.length - failed.length, 'nobody is charged for those');
      const cheaper = v2.filter(({ amountCents }, index) => amountCents! < v1[index]!.amountCents!);
      assert.ok(cheaper.length === 10 && cheaper.every(({ quantity }) => quantity === 3));
    });
  });
}

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startShop, type RunningShop } from '../testing/running-shop.ts';

describe('checkout', () => {
  let shop: RunningShop;
  let token: string;
  before(async () => {
    shop = await startShop();
    token = await shop.login();
  });
  after(() => shop.stop());

  it('has the order, the reservation, the payment and the charge committed when it answers 201', async () => {
    const answer = await shop.order(token);
    const order = (await answer.json()) as { id: string; amountCents: number };
    assert.equal(answer.status, 201, JSON.stringify(order));
    assert.equal(order.amountCents, 2 * 2490);
    const [row] = await shop.query('orders', 'select status, customer from orders where id = $1', [order.id]);
    assert.deepEqual(row, { status: 'accepted', customer: 'customer-01' });
    const reserved = await shop.query('inventory', 'select quantity from reservations where order_id = $1', [order.id]);
    assert.deepEqual(reserved, [{ quantity: 2 }]);
    assert.equal((await shop.query('payments', 'select 1 from payments where order_id = $1', [order.id])).length, 1);
    assert.equal((await shop.query('bank', 'select 1 from charges where reference = $1', [order.id])).length, 1);
  });
});

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../../testing/eventually.ts';
import { startShop, type RunningShop } from '../../testing/running-shop.ts';

describe('orders that fail after the bank has charged', () => {
  let shop: RunningShop;
  let token: string;
  before(async () => {
    shop = await startShop({
      only: ['gateway', 'auth', 'orders', 'inventory', 'payments', 'bank'],
      environment: { payments: { BANK_TIMEOUT_MS: '100' } },
    });
    token = await shop.login();
  });
  after(() => shop?.stop());

  const slowBank = () => shop.bankBehaves({ behaviour: 'slow', parameters: { delayMs: 400, percent: 100 } });
  const left = async () => ({
    charged: shop.balance(),
    reserved: (
      await shop.query<{ reserved: number }>('inventory', 'select sum(reserved)::int as reserved from stock')
    )[0]!.reserved,
  });

  async function failingOrders(count: number): Promise<void> {
    await slowBank();
    const answers = await Promise.all(Array.from({ length: count }, () => shop.order(token)));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([502]));
    await shop.bankBehaves();
  }

  it('stay charged and reserved without a saga', async () => {
    await failingOrders(3);
    assert.deepEqual(await left(), { charged: 3 * 2 * 2490, reserved: 6 });
  });

  it('are given back and released by compensation, once the bank can do it', async () => {
    const before = await left();
    await shop.restart('orders', { SAGA: 'compensate' });
    await failingOrders(3);
    await eventually('all of it is undone', async () => {
      const now = await left();
      return now.charged === before.charged && now.reserved === before.reserved ? true : undefined;
    });
    await eventually('orders knows that it is', async () => {
      return (await shop.query('orders', 'select from orders where to_undo')).length === 0 ? true : undefined;
    });
  });

  it('are not charged by a call that comes late', async () => {
    const [failed] = await shop.query<{ id: string }>('orders', 'select id from orders order by id desc limit 1');
    const before = await left();
    const body = JSON.stringify({ orderId: failed!.id, amountCents: 100 });
    // Payments knows of no charge of it: it asks the bank, which refuses.
    const answer = await fetch(`${shop.services.payments.url}/charges`, { method: 'POST', body });
    assert.equal(answer.status, 502);
    assert.deepEqual(await left(), before);
  });
});

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../../testing/eventually.ts';
import { startShop, type RunningShop } from '../../testing/running-shop.ts';

describe('an order whose checkout died with its process', () => {
  let shop: RunningShop;
  let token: string;
  const quickly = { CHECKOUT_ABANDONED_SECONDS: '1' };
  before(async () => {
    shop = await startShop({
      only: ['gateway', 'auth', 'orders', 'inventory', 'payments', 'bank'],
      environment: { orders: quickly },
    });
    token = await shop.login();
  });
  after(() => shop?.stop());

  async function bankDelays(delayMs: number): Promise<void> {
    await shop.bankBehaves(...(delayMs > 0 ? [{ behaviour: 'slow', parameters: { delayMs, percent: 100 } }] : []));
  }

  /** An order under the key, left pending by a process that is killed once the bank has been asked. */
  async function leaveBehind(key: string, environment: Record<string, string> = quickly): Promise<string> {
    await bankDelays(3_000);
    void shop.order(token, { 'idempotency-key': key }).catch(() => undefined); // its connection breaks
    const id = await eventually('the bank has charged', async () => {
      const [order] = await shop.query<{ id: string }>('orders', 'select id from orders where idempotency_key = $1', [
        key,
      ]);
      if (!order) return undefined;
      return shop.charges(order.id) > 0 ? order.id : undefined;
    });
    const { process } = shop.services.orders;
    process.kill('SIGKILL');
    if (process.exitCode === null && process.signalCode === null) await once(process, 'exit');
    // Payments has its answer before anyone asks for the order again.
    await eventually('payments knows of the charge', async () => {
      return (await shop.query('payments', 'select from payments where order_id = $1', [id]))[0];
    });
    await bankDelays(0);
    await shop.restart('orders', environment);
    return id;
  }

  const statusOf = async (id: string) =>
    (await shop.query<{ status: string }>('orders', 'select status from orders where id = $1', [id]))[0]?.status;

  it('is decided by what payments knows, and charged no second time', async () => {
    const id = await leaveBehind('left-to-itself');
    await eventually('it is decided', async () => ((await statusOf(id)) === 'accepted' ? true : undefined), 20_000);
    assert.equal(shop.charges(id), 1);
  });

  it('is gone on with when the customer repeats it, and everything done before is done once', async () => {
    const id = await leaveBehind('repeated');
    const answer = await eventually(
      'the repeat is accepted',
      async () => {
        const response = await shop.order(token, { 'idempotency-key': 'repeated' });
        return response.status === 201 ? ((await response.json()) as { id: string; status: string }) : undefined;
      },
      20_000,
    );
    assert.deepEqual([answer.id, answer.status], [id, 'accepted']);
    assert.equal(shop.charges(id), 1);
    assert.equal((await shop.query('inventory', 'select from reservations where order_id = $1', [id])).length, 1);
  });
});

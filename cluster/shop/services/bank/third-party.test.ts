import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { startShop, type RunningShop } from '../../testing/running-shop.ts';

describe('the bank, as a third party', () => {
  let shop: RunningShop;
  before(async () => {
    shop = await startShop({ only: ['payments', 'bank'] });
  });
  after(() => shop?.stop());

  async function charge(reference: string): Promise<number> {
    const body = JSON.stringify({ reference, amountCents: 100 });
    return (await fetch(`${shop.services.bank.url}/charges`, { method: 'POST', body })).status;
  }

  async function statement(query = ''): Promise<{ status: number; book: string; references: string[] }> {
    const answer = await fetch(`${shop.admin.bank}/statement${query}`);
    const { book, lines } = (await answer.json()) as { book: string; lines?: { reference: string }[] };
    return { status: answer.status, book, references: (lines ?? []).map(({ reference }) => reference) };
  }

  it('finds what it has confirmed in its book, however it ended', async () => {
    assert.equal(await charge('before'), 201);
    const { book } = await statement();
    const { process } = shop.services.bank;
    process.kill('SIGKILL');
    await once(process, 'exit');
    await shop.restart('bank', {});
    assert.deepEqual(await statement(), { status: 200, book, references: ['before'] });
  });

  it('takes charges and shows its book while the database of the shop is gone', async () => {
    await shop.stopPostgres();
    const body = JSON.stringify({ orderId: crypto.randomUUID(), amountCents: 100 });
    const payment = await fetch(`${shop.services.payments.url}/charges`, { method: 'POST', body });
    assert.ok(payment.status >= 500, `payments needs that database, and answered ${payment.status}`);
    assert.equal(await charge('meanwhile'), 201);
    assert.equal((await fetch(`${shop.services.bank.url}/readyz`)).status, 200);
    assert.equal((await statement()).references.at(-1), 'meanwhile');
  });

  it('refuses a statement it cannot give', async () => {
    for (const query of ['?after=-1', '?limit=0', '?limit=1001', '?after=x']) {
      assert.equal((await statement(query)).status, 400, query);
    }
  });
});

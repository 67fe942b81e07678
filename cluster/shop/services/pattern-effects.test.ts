import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { distant } from '../testing/distant.ts';
import { eventually } from '../testing/eventually.ts';
import { openLoop, p95, type Outcome } from '../testing/open-loop.ts';
import { startProxy } from '../testing/running-proxy.ts';
import { startShop, type RunningShop } from '../testing/running-shop.ts';

const hangs = { behaviour: 'slow', parameters: { delayMs: 20_000, percent: 100 } };
const fails = { behaviour: 'failing', parameters: { percent: 100 } };

/** What others do on this machine only ever hides an effect: measured up to ten times until it is seen. */
async function undisturbed(measure: () => Promise<void>): Promise<void> {
  for (let round = 1; ; round += 1) {
    try {
      return await measure();
    } catch (error) {
      if (round === 10) throw error;
    }
  }
}

describe('what a pattern does under the fault it is for', () => {
  let shop: RunningShop;
  let token: string;
  let catalog: Awaited<ReturnType<typeof distant>>;
  /** Small, so that a few customers show what many would. */
  const gateway = () => ({ UPSTREAM_CONNECTIONS: '6', CATALOG_URL: catalog.url });
  before(async () => {
    // Nobody waits for what hangs when a service is replaced.
    const quickly = { SHUTDOWN_DELAY_MS: '0', SHUTDOWN_BOUND_MS: '100' };
    shop = await startShop({
      only: ['gateway', 'auth', 'catalog', 'orders', 'inventory', 'payments', 'bank'],
      environment: { gateway: quickly, orders: quickly, payments: quickly },
    });
    catalog = await distant(shop.services.catalog.url, 10);
    await shop.restart('gateway', gateway());
    token = await shop.login();
  });
  after(async () => {
    catalog?.close();
    await shop?.stop();
  });

  const ordering = (forMs: number) => {
    return openLoop({ rate: 25, forMs, patienceMs: 2_000, send: (signal) => shop.order(token, {}, signal) });
  };
  const turnsOrdersAway = async () => (await ordering(300)).some(({ status }) => status === 503) || undefined;

  /** What those feel who look at the catalog while others order. */
  async function looking(): Promise<Outcome[]> {
    const url = `${shop.services.gateway.url}/api/products`;
    const others = ordering(900);
    await delay(300); // what hangs has taken all connections by then
    const seen = await openLoop({ rate: 50, forMs: 600, patienceMs: 1_000, send: (signal) => fetch(url, { signal }) });
    await others;
    return seen;
  }

  describe('while the bank hangs, for those who look at the catalog', () => {
    let healthy: number;
    const breaker = { BANK_TIMEOUT_MS: '200', BANK_BREAKER: 'library', BANK_BREAKER_VOLUME: '4' };
    async function staysFast(t: TestContext) {
      await eventually('the pattern has seen the fault', turnsOrdersAway);
      await undisturbed(async () => {
        const hanging = p95(await looking());
        t.diagnostic(`p95 of the catalog: ${Math.round(hanging)} ms, of ${Math.round(healthy)} ms while all is well`);
        assert.ok(hanging < 1.5 * healthy, `${hanging} ms of ${healthy} ms`);
      });
    }
    before(async () => {
      await looking();
      healthy = Math.min(p95(await looking()), p95(await looking()));
      await shop.bankBehaves(hangs);
    });
    after(async () => {
      await shop.bankBehaves();
      await shop.restart('payments', {}); // with what still hangs in it
    });

    it('without any it is as if the catalog hung', async () => {
      const seen = await looking();
      const unanswered = seen.filter(({ status }) => status === undefined);
      assert.ok(unanswered.length > seen.length / 2, `${unanswered.length} of ${seen.length}`);
    });

    it('a breaker keeps it as fast as before', async (t) => {
      await shop.restart('payments', breaker);
      await staysFast(t);
    });

    it('and so does one in a sidecar proxy', async (t) => {
      const proxy = await startProxy(shop.services.bank.url, breaker);
      try {
        await shop.restart('payments', { BANK_URL: proxy.url });
        await staysFast(t);
      } finally {
        await proxy.stop();
      }
    });

    it('a bulkhead at the gateway keeps it as fast as before', async (t) => {
      await shop.restart('payments', {});
      await shop.restart('gateway', { ...gateway(), ORDERS_BULKHEAD: '3', ORDERS_BULKHEAD_QUEUE: '1' });
      await staysFast(t);
      await shop.restart('gateway', gateway());
    });
  });

  describe('a charge that the bank does not make', () => {
    /** An order that is accepted while the bank behaves so, and how often it is charged once it does well again. */
    async function chargedInTheEnd(behaviour: typeof fails | typeof hangs, environment: Record<string, string>) {
      const bearer = { authorization: `Bearer ${token}` };
      await shop.restart('payments', { CHARGE_LATER: 'true', CHARGE_LATER_EVERY_MS: '100', ...environment });
      await shop.bankBehaves(behaviour);
      const answer = await shop.order(token);
      assert.equal(answer.status, 202);
      const { id } = (await answer.json()) as { id: string };
      const look = () => fetch(`${shop.services.gateway.url}/api/orders/${id}`, { headers: bearer });
      const statusNow = async () => ((await (await look()).json()) as { status: string }).status;
      assert.equal(await statusNow(), 'to-be-paid');
      const paid = () => shop.query('payments', 'select from payments where order_id = $1', [id]);
      assert.equal((await paid()).length, 0);
      await shop.bankBehaves();
      await eventually('it is paid', async () => ((await paid()).length > 0 ? true : undefined));
      assert.equal((await shop.query('payments', 'select from charges_due where order_id = $1', [id])).length, 0);
      assert.equal(await statusNow(), 'accepted');
      return shop.charges(id);
    }

    it('is made later, once', async () => {
      assert.equal(await chargedInTheEnd(fails, {}), 1);
    });

    it('though it seemed to have failed, is made more than once without an idempotency key and once with it', async () => {
      const without = await chargedInTheEnd(hangs, { BANK_TIMEOUT_MS: '200' });
      assert.ok(without > 1, `${without} charges`); // one for each attempt, of which a slow machine needs a few
      assert.equal(await chargedInTheEnd(hangs, { BANK_TIMEOUT_MS: '200', IDEMPOTENCY_KEYS: 'true' }), 1);
    });
  });
});

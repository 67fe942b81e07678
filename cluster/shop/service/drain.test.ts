import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../testing/eventually.ts';
import { startShop, type RunningShop } from '../testing/running-shop.ts';

interface Answer {
  status: number | undefined;
  connection: string | undefined;
}

/** POSTs a charge over the agent's connection; the bank takes its latency to answer. */
function charge(url: string, agent: Agent, reference: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${url}/charges`, { method: 'POST', agent }, (incoming) => {
      incoming.resume();
      incoming.once('end', () => resolve({ status: incoming.statusCode, connection: incoming.headers.connection }));
    });
    outgoing.once('error', reject);
    outgoing.end(JSON.stringify({ reference, amountCents: 1 }));
  });
}

describe('a service that is told to go', () => {
  let shop: RunningShop;
  before(async () => {
    shop = await startShop({
      only: ['bank'],
      environment: {
        bank: { LATENCY_MIN_MS: '150', LATENCY_MAX_MS: '150', SHUTDOWN_DELAY_MS: '600', SHUTDOWN_BOUND_MS: '30000' },
      },
    });
  });
  after(() => shop?.stop());

  it('answers every request it has, asks callers to come in by another connection, and exits 0', async () => {
    const { bank } = shop.services;
    const callers = Array.from({ length: 8 }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
    let asked = 0;
    // Each caller keeps calling over its one connection, until an answer asks it to close that.
    const ended = callers.map(async (agent, caller) => {
      for (let call = 0; ; call += 1) {
        asked += 1;
        const { status, connection } = await charge(bank.url, agent, `${caller}-${call}`);
        assert.equal(status, 201);
        if (connection === 'close') return;
      }
    });
    await eventually('all are calling', () => asked >= 16 || undefined);
    const exit = bank.stop();
    const ready = await eventually('it is no longer ready', async () => {
      const { status } = await fetch(`${bank.url}/readyz`);
      return status === 503 ? status : undefined;
    });
    assert.equal(ready, 503);
    await Promise.all(ended);
    assert.equal(await exit, 0);
    assert.equal(shop.charges(), asked, 'every request was handled once');
    for (const agent of callers) agent.destroy();
  });

  it('closes no connection over which a request has come that it was too busy to read', async () => {
    const delayMs = 1_000;
    const bank = await shop.restart('bank', { SHUTDOWN_DELAY_MS: String(delayMs) });
    const agents = Array.from({ length: 8 }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
    const chargeBy = (agent: Agent, caller: number, call: string) => charge(bank.url, agent, `busy-${caller}-${call}`);
    await Promise.all(agents.map((agent, caller) => chargeBy(agent, caller, 'before')));
    const exit = bank.stop();
    await eventually('it drains', () => bank.log.some(({ message }) => message === 'Draining') || undefined);
    bank.process.kill('SIGSTOP');
    const calls = agents.map((agent, caller) => chargeBy(agent, caller, 'meanwhile'));
    const answers = Promise.allSettled(calls);
    await delay(delayMs); // as long as it would have accepted connections
    bank.process.kill('SIGCONT');
    const lost = (await answers).filter(({ status }) => status === 'rejected').length;
    assert.deepEqual([lost, await exit], [0, 0]);
    for (const agent of agents) agent.destroy();
  });

  it('loses every request it has where draining is off, and none where it is on', async () => {
    const callers = 8;
    const lostWith = async (GRACEFUL_SHUTDOWN: string) => {
      // Long enough that none is answered before the bank is told to go.
      const bank = await shop.restart('bank', { GRACEFUL_SHUTDOWN, LATENCY_MIN_MS: '2000', LATENCY_MAX_MS: '2000' });
      const before = shop.charges();
      const agent = new Agent();
      const calls = Array.from({ length: callers }, (_, i) => charge(bank.url, agent, `${GRACEFUL_SHUTDOWN}-${i}`));
      await eventually('it has them all', () => shop.charges() === before + callers || undefined);
      const [results] = await Promise.all([Promise.allSettled(calls), bank.stop()]);
      return results.filter(({ status }) => status === 'rejected').length;
    };
    assert.deepEqual([await lostWith('false'), await lostWith('true')], [callers, 0]);
  });

  it('cuts what is left when that takes longer than the bound', async () => {
    const bank = await shop.restart('bank', {
      LATENCY_MIN_MS: '60000',
      LATENCY_MAX_MS: '60000',
      SHUTDOWN_DELAY_MS: '0',
      SHUTDOWN_BOUND_MS: '300',
    });
    const agent = new Agent();
    const call = charge(bank.url, agent, 'too-slow');
    await eventually('the bank has it', () => shop.charges('too-slow') > 0 || undefined);
    const [result, exit] = await Promise.all([call.catch((error: NodeJS.ErrnoException) => error.code), bank.stop()]);
    assert.deepEqual([result, exit], ['ECONNRESET', 0]);
  });
});

describe('orders that is told to go', () => {
  let shop: RunningShop;
  before(async () => {
    shop = await startShop({
      only: ['orders', 'inventory', 'payments', 'bank'],
      environment: {
        orders: { SHUTDOWN_DELAY_MS: '0', SHUTDOWN_BOUND_MS: '30000' },
        bank: { LATENCY_MIN_MS: '500', LATENCY_MAX_MS: '500' },
      },
    });
  });
  after(() => shop?.stop());

  it('ends a checkout whose caller has left', async () => {
    const { orders } = shop.services;
    const outgoing = startOrder(orders.url);
    outgoing.end(order);
    await charged(1);
    outgoing.destroy();
    assert.equal(await orders.stop(), 0);
    assert.deepEqual(await statuses(), ['accepted']);
  });

  it('ends one that was still being sent, whose caller leaves afterwards', async () => {
    const orders = await shop.restart('orders', {});
    const outgoing = startOrder(orders.url, { expect: '100-continue' });
    await once(outgoing, 'continue'); // orders has the request, and waits for its body
    const exit = orders.stop();
    await eventually(
      'it has been told to go',
      () => orders.log.some(({ message }) => message === 'Draining') || undefined,
    );
    outgoing.end(order);
    await charged(2);
    outgoing.destroy();
    assert.equal(await exit, 0);
    assert.deepEqual(await statuses(), ['accepted', 'accepted']);
  });

  const order = JSON.stringify({ items: [{ productId: 'sea-chart', quantity: 1 }] });
  function startOrder(url: string, headers = {}) {
    const options = { method: 'POST', headers: { 'x-customer-id': 'customer-01', ...headers } };
    const outgoing = request(`${url}/orders`, options);
    return outgoing.on('error', () => undefined); // we hang up ourselves
  }
  const charged = (count: number) => eventually('the bank has the charge', () => shop.charges() === count || undefined);
  const statuses = async () =>
    (await shop.query<{ status: string }>('orders', 'select status from orders')).map(({ status }) => status);
});

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { connect, type Channel, type ChannelModel } from 'amqplib';
import { deadQueue } from '../messaging/topology.ts';
import { startAckHold, type AckHold } from '../testing/ack-hold.ts';
import { eventually } from '../testing/eventually.ts';
import { startBroker, type RunningBroker } from '../testing/running-broker.ts';
import type { ServiceName } from '../testing/running-service.ts';
import { startShop, type RunningShop } from '../testing/running-shop.ts';

describe('checkout by events', () => {
  let broker: RunningBroker;
  let hold: AckHold;
  let shop: RunningShop;
  let token: string;
  before(async () => {
    broker = await startBroker();
    hold = await startAckHold(broker.url);
    shop = await startShop({
      broker: broker.url,
      only: ['gateway', 'auth', 'orders', 'inventory', 'payments', 'bank', 'notifications'],
      environment: { notifications: { BROKER_URL: hold.url } },
    });
    token = await shop.login();
  });
  after(async () => {
    await shop?.stop();
    hold?.close();
    await broker?.stop();
  });
  beforeEach(() => shop.bankBehaves());

  const failing = { behaviour: 'failing', parameters: { percent: 100 } };
  const slow = { behaviour: 'slow', parameters: { delayMs: 300, percent: 100 } };

  /** So many orders at once; their ids, once all have been answered with that status. */
  async function order(count: number, status = 202): Promise<string[]> {
    const answers = await Promise.all(Array.from({ length: count }, () => shop.order(token)));
    const orders = (await Promise.all(answers.map((answer) => answer.json()))) as { id: string }[];
    assert.deepEqual(new Set(answers.map((answer) => answer.status)), new Set([status]), JSON.stringify(orders));
    return orders.map(({ id }) => id);
  }

  const countOf = async (database: ServiceName, table: string, condition: string, ids: string[]) =>
    (await shop.query(database, `select from ${table} where ${condition}`, [ids])).length;
  const statusesOf = (ids: string[], status: string) =>
    countOf('orders', 'orders', `status = '${status}' and id = any($1)`, ids);
  const all = (what: string, ids: string[], count: () => Promise<number>) =>
    eventually(`all of ${ids.length} ${what}`, async () => ((await count()) === ids.length ? true : undefined));
  const areAccepted = (ids: string[]) => all('orders are paid', ids, () => statusesOf(ids, 'accepted'));

  async function withBroker<T>(work: (channel: Channel) => Promise<T>): Promise<T> {
    const connection: ChannelModel = await connect(broker.url);
    try {
      const channel = await connection.createChannel();
      const outcome = await work(channel);
      await channel.close(); // a connection's end would overtake what was published
      return outcome;
    } finally {
      await connection.close();
    }
  }
  const consumers = (queue: string) => withBroker(async (channel) => (await channel.checkQueue(queue)).consumerCount);
  const depth = (queue: string) => withBroker(async (channel) => (await channel.checkQueue(queue)).messageCount);

  it('answers 202 when an order is to be paid; then it is charged, accepted and told by mail, once each', async () => {
    const [id] = await order(1);
    await areAccepted([id!]);
    assert.equal(shop.charges(id), 1);
    await all('mails are sent', [id!], () => countOf('notifications', 'mails', 'order_id = any($1)', [id!]));
  });

  it('takes orders while the bank is down, which the synchronous checkout loses, and catches up when it is back', async () => {
    await shop.bankBehaves(failing);
    await shop.restart('orders', { CHECKOUT: 'synchronous' });
    await order(20, 502);
    await shop.restart('orders', {});
    const events = await order(20);
    assert.equal(await statusesOf(events, 'to-be-paid'), 20);
    await shop.bankBehaves();
    await areAccepted(events);
    assert.equal(
      events.reduce((sum, id) => sum + shop.charges(id), 0),
      20,
    );
  });

  it('loses the event of an order while the broker is away, unless an outbox keeps it', async () => {
    await broker.kill();
    const lost = await order(5);
    await shop.restart('orders', { OUTBOX: 'true' });
    const kept = await order(5);
    await broker.start();
    await areAccepted(kept);
    assert.equal(await statusesOf(lost, 'to-be-paid'), 5);
    assert.equal(
      lost.reduce((sum, id) => sum + shop.charges(id), 0),
      0,
    );
  });

  it('mails again what is delivered again, until the consumer is idempotent', async () => {
    const mails = (ids: string[]) => countOf('notifications', 'mails', 'order_id = any($1)', ids);
    const again = (ids: string[]) => countOf('notifications', 'mails', 'copy > 0 and order_id = any($1)', ids);
    async function redelivered(): Promise<string[]> {
      await eventually('there is a consumer', async () =>
        (await consumers('notifications')) === 1 ? true : undefined,
      );
      hold.hold();
      const ids = await order(10);
      await all('mails are sent', ids, () => mails(ids));
      hold.break();
      await eventually('all is acknowledged', async () => ((await depth('notifications')) === 0 ? true : undefined));
      return ids;
    }
    const naive = await redelivered();
    await all('mails are sent again', naive, () => again(naive));
    await shop.restart('notifications', { IDEMPOTENT_CONSUMER: 'true' });
    const idempotent = await redelivered();
    const [after] = await order(1);
    await all('mails are sent', [after!], () => mails([after!]));
    assert.equal(await again(idempotent), 0);
  });

  it('spins on a message that nobody can handle while it requeues, and drains it to a dead-letter queue', async () => {
    const refused = () =>
      shop.services.payments.log.filter(({ message }) => message === 'A message was not dealt with');
    await withBroker(async (channel) => channel.publish('shop.events', 'order.accepted', Buffer.from('{')));
    await eventually('it has been delivered 50 times', () => (refused().length >= 50 ? true : undefined));
    await areAccepted(await order(3));
    await shop.restart('payments', { DELIVERY: 'dead-letter' });
    await eventually('it is in the dead-letter queue', async () =>
      (await depth(deadQueue('payments'))) === 1 ? true : undefined,
    );
    assert.equal(refused().length, 5);
    assert.equal(await depth('payments'), 0);
    await areAccepted(await order(3));
  });

  it('gives back what was charged for an order that payments has given up on, and releases it, with a saga', async () => {
    await shop.restart('payments', { DELIVERY: 'dead-letter', BANK_TIMEOUT_MS: '50', IDEMPOTENCY_KEYS: 'true' });
    const before = { balance: shop.balance(), dead: await depth(deadQueue('payments')) };
    const givenUp = async (more: number) => {
      await eventually(`${more} are given up`, async () =>
        (await depth(deadQueue('payments'))) === before.dead + more ? true : undefined,
      );
    };
    await shop.bankBehaves(slow);
    const none = await order(3);
    await givenUp(3);
    assert.deepEqual([shop.balance(), await statusesOf(none, 'to-be-paid')], [before.balance + 3 * 2 * 2490, 3]);
    await shop.restart('orders', { SAGA: 'compensate' });
    const compensated = await order(3);
    await givenUp(6);
    await shop.bankBehaves();
    await all('orders are undone', compensated, () =>
      countOf('orders', 'orders', "status = 'failed' and not to_undo and id = any($1)", compensated),
    );
    assert.equal(shop.balance(), before.balance + 3 * 2 * 2490);
    assert.equal(await countOf('inventory', 'reservations', 'order_id = any($1)', compensated), 0);
  });
});

import assert from 'node:assert/strict';
import type { Channel } from 'amqplib';
import { closedWith, topic, type World } from '../case.ts';

/** Each on a channel of its own: the reply code that closes it. */
async function codes(world: World, ...causes: ((channel: Channel) => unknown)[]): Promise<number[]> {
  const connection = await world.connection();
  const seen: number[] = [];
  for (const cause of causes) {
    const channel = await world.channel(connection);
    seen.push(await closedWith(channel, () => cause(channel)));
  }
  await world.channel(connection); // the connection is left alone
  return seen;
}

export const errors = topic('errors', {
  'what is not there closes the channel with 404': async (world) => {
    const seen = await codes(
      world,
      (channel) => channel.checkQueue('suite-nowhere'),
      (channel) => channel.checkExchange('suite-nowhere'),
      (channel) => channel.publish('suite-nowhere', '', Buffer.from('x')),
      (channel) => channel.consume('suite-nowhere', () => {}),
      (channel) => channel.get('suite-nowhere'),
      (channel) => channel.purgeQueue('suite-nowhere'),
    );
    assert.deepEqual(seen, [404, 404, 404, 404, 404, 404]);
  },

  "another connection's exclusive queue is locked (405)": async (world) => {
    const queue = await world.queue(await world.channel(), { exclusive: true });
    const seen = await codes(
      world,
      (channel) => channel.checkQueue(queue),
      (channel) => channel.consume(queue, () => {}),
      (channel) => channel.assertQueue(queue, { exclusive: true }),
    );
    assert.deepEqual(seen, [405, 405, 405]);
  },

  'a declaration that differs from the one before closes the channel with 406': async (world) => {
    const channel = await world.channel();
    const [queue, exchange] = [
      await world.queue(channel, { messageTtl: 1_000 }),
      await world.exchange(channel, 'direct'),
    ];
    const seen = await codes(
      world,
      (other) => other.assertQueue(queue, { messageTtl: 2_000 }),
      (other) => other.assertQueue(queue, { messageTtl: 1_000, durable: false }),
      (other) => other.assertQueue(queue),
      (other) => other.assertExchange(exchange, 'topic'),
      (other) => other.assertExchange(exchange, 'direct', { durable: false }),
    );
    assert.deepEqual(seen, [406, 406, 406, 406, 406]);
    await channel.assertQueue(queue, { messageTtl: 1_000 });
  },

  'an argument that cannot be closes the channel with 406': async (world) => {
    const seen = await codes(
      world,
      (channel) => channel.assertQueue(world.name('bad'), { messageTtl: -1 }),
      (channel) => channel.assertQueue(world.name('bad'), { expires: 0 }),
      (channel) => channel.assertQueue(world.name('bad'), { arguments: { 'x-max-length': 'ten' } }),
      (channel) => channel.assertQueue(world.name('bad'), { arguments: { 'x-overflow': 'explode' } }),
      (channel) => channel.assertQueue(world.name('bad'), { deadLetterRoutingKey: 'key' }),
      (channel) => channel.publish('', 'x', Buffer.from('x'), { expiration: 'soon' }),
    );
    assert.deepEqual(seen, [406, 406, 406, 406, 406, 406]);
  },

  'a user id that is not the own closes the channel with 406': async (world) => {
    assert.deepEqual(
      await codes(world, (channel) => channel.publish('', 'x', Buffer.from('x'), { userId: 'somebody' })),
      [406],
    );
  },

  'names that begin with amq. are for the server (403)': async (world) => {
    const seen = await codes(
      world,
      (channel) => channel.assertQueue('amq.mine'),
      (channel) => channel.assertExchange('amq.mine', 'direct'),
      (channel) => channel.deleteExchange('amq.direct'),
      (channel) => channel.bindQueue('suite-nowhere', '', 'x'),
    );
    assert.deepEqual(seen, [403, 403, 403, 403]);
  },

  'what is in use, or not empty, is not deleted on that condition (406)': async (world) => {
    const channel = await world.confirmChannel();
    const [used, full] = [await world.queue(channel), await world.queue(channel)];
    const exchange = await world.exchange(channel, 'fanout');
    await channel.bindQueue(used, exchange, '');
    await channel.consume(used, () => {});
    channel.sendToQueue(full, Buffer.from('x'));
    await channel.waitForConfirms();
    const seen = await codes(
      world,
      (other) => other.deleteQueue(used, { ifUnused: true }),
      (other) => other.deleteQueue(full, { ifEmpty: true }),
      (other) => other.deleteExchange(exchange, { ifUnused: true }),
    );
    assert.deepEqual(seen, [406, 406, 406]);
  },

  'an internal exchange takes nothing from clients (403)': async (world) => {
    const exchange = await world.exchange(await world.channel(), 'fanout', { internal: true });
    assert.deepEqual(await codes(world, (channel) => channel.publish(exchange, '', Buffer.from('x'))), [403]);
  },

  'a consumer tag that is taken closes the connection with 530': async (world) => {
    const connection = await world.connection();
    const channel = await world.channel(connection);
    const queue = await world.queue(channel);
    await channel.consume(queue, () => {}, { consumerTag: 'one' });
    assert.equal(await closedWith(connection, () => channel.consume(queue, () => {}, { consumerTag: 'one' })), 530);
  },

  'an exchange of an unknown type closes the connection with 503': async (world) => {
    const connection = await world.connection();
    const channel = await world.channel(connection);
    assert.equal(await closedWith(connection, () => channel.assertExchange(world.name('odd'), 'x-odd')), 503);
  },

  'a wrong password is refused (403), an unknown virtual host too (530)': async (world) => {
    const wrong = new URL(world.url);
    wrong.password = 'wrong';
    await assert.rejects(world.connection({}, wrong.href), /403|ACCESS.REFUSED/);
    const elsewhere = new URL(world.url);
    elsewhere.pathname = '/suite-nowhere';
    await assert.rejects(world.connection({}, elsewhere.href), /530|ConnectionClose/);
  },
});

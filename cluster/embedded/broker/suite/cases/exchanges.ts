import assert from 'node:assert/strict';
import type { Channel, ConfirmChannel } from 'amqplib';
import { drain, topic, type World } from '../case.ts';

/** A queue for each binding; answers with a function that publishes and says which of them got it. */
async function bound(
  world: World,
  channel: ConfirmChannel,
  exchange: string,
  bindings: [key: string, args?: Record<string, unknown>][],
): Promise<(key: string, headers?: Record<string, unknown>) => Promise<number[]>> {
  const queues: string[] = [];
  for (const [key, args] of bindings) {
    const queue = await world.queue(channel);
    await channel.bindQueue(queue, exchange, key, args);
    queues.push(queue);
  }
  return async (key, headers) => {
    channel.publish(exchange, key, Buffer.from(key), { headers });
    await channel.waitForConfirms();
    const counts = await Promise.all(queues.map(async (queue) => (await drain(channel, queue)).length));
    assert.ok(
      counts.every((count) => count <= 1),
      'each queue gets it once',
    );
    return counts.flatMap((count, index) => (count === 1 ? [index] : []));
  };
}

const isThere = (channel: Channel, exchange: string) =>
  channel.checkExchange(exchange).then(
    () => true,
    () => false,
  );

export const exchanges = topic('exchanges', {
  'the default one leads to the queue of that name': async (world) => {
    const channel = await world.confirmChannel();
    const queue = await world.queue(channel);
    channel.publish('', queue, Buffer.from('x'));
    await channel.waitForConfirms();
    assert.deepEqual(await drain(channel, queue), ['x']);
  },

  'direct: to the queues that are bound by exactly that key': async (world) => {
    const channel = await world.confirmChannel();
    const published = await bound(world, channel, await world.exchange(channel, 'direct'), [['a'], ['b'], ['a'], ['']]);
    assert.deepEqual(await published('a'), [0, 2]);
    assert.deepEqual(await published('b'), [1]);
    assert.deepEqual(await published(''), [3]);
    assert.deepEqual(await published('c'), []);
  },

  'fanout: to all that are bound, whatever the key': async (world) => {
    const channel = await world.confirmChannel();
    const published = await bound(world, channel, await world.exchange(channel, 'fanout'), [['a'], ['b']]);
    assert.deepEqual(await published('c'), [0, 1]);
  },

  'topic: * is one word, # none or more': async (world) => {
    const channel = await world.confirmChannel();
    const keys: [string][] = [
      ['order.*'],
      ['order.#'],
      ['#'],
      ['*.placed'],
      ['order.*.eu'],
      ['#.eu'],
      ['order.#.eu.#'],
      ['order'],
    ];
    const published = await bound(world, channel, await world.exchange(channel, 'topic'), keys);
    assert.deepEqual(await published('order.placed'), [0, 1, 2, 3]);
    assert.deepEqual(await published('order'), [1, 2, 7]);
    assert.deepEqual(await published('order.placed.eu'), [1, 2, 4, 5, 6]);
    assert.deepEqual(await published('order.eu'), [0, 1, 2, 5, 6]);
    assert.deepEqual(await published('order.a.b.eu.c.d'), [1, 2, 6]);
    assert.deepEqual(await published('eu'), [2, 5]);
    assert.deepEqual(await published(''), [2]);
    assert.deepEqual(await published('order.'), [0, 1, 2]);
  },

  'headers: all, or any, of the arguments of the binding': async (world) => {
    const channel = await world.confirmChannel();
    const published = await bound(world, channel, await world.exchange(channel, 'headers'), [
      ['', { 'x-match': 'all', format: 'pdf', size: 4 }],
      ['', { 'x-match': 'any', format: 'pdf', size: 4 }],
      ['', { format: 'pdf' }],
      ['', { 'x-match': 'all' }],
    ]);
    assert.deepEqual(await published('', { format: 'pdf', size: 4 }), [0, 1, 2, 3]);
    assert.deepEqual(await published('', { format: 'pdf' }), [1, 2, 3]);
    assert.deepEqual(await published('', { size: 4, more: true }), [1, 3]);
    assert.deepEqual(await published('', { size: '4' }), [3]);
    assert.deepEqual(await published('', {}), [3]);
  },

  'a queue that matches by several bindings gets a message once': async (world) => {
    const channel = await world.confirmChannel();
    const [exchange, queue] = [await world.exchange(channel, 'topic'), await world.queue(channel)];
    for (const key of ['a.*', 'a.#', 'a.b', 'a.b']) await channel.bindQueue(queue, exchange, key);
    channel.publish(exchange, 'a.b', Buffer.from('x'));
    await channel.waitForConfirms();
    assert.equal((await drain(channel, queue)).length, 1);
  },

  'a binding that is taken away leads nowhere': async (world) => {
    const channel = await world.confirmChannel();
    const [exchange, queue] = [await world.exchange(channel, 'direct'), await world.queue(channel)];
    await channel.bindQueue(queue, exchange, 'a');
    await channel.bindQueue(queue, exchange, 'b');
    channel.publish(exchange, 'a', Buffer.from('1'));
    await channel.unbindQueue(queue, exchange, 'a');
    channel.publish(exchange, 'a', Buffer.from('2'));
    channel.publish(exchange, 'b', Buffer.from('3'));
    await channel.waitForConfirms();
    assert.deepEqual(await drain(channel, queue), ['1', '3']);
  },

  'one may be bound to another, even in a circle': async (world) => {
    const channel = await world.confirmChannel();
    const [from, to] = [await world.exchange(channel, 'topic'), await world.exchange(channel, 'fanout')];
    const queue = await world.queue(channel);
    await channel.bindQueue(queue, to, '');
    await channel.bindExchange(to, from, 'a.*');
    await channel.bindExchange(from, to, '#');
    channel.publish(from, 'a.b', Buffer.from('1'));
    channel.publish(from, 'b', Buffer.from('2'));
    await channel.waitForConfirms();
    assert.deepEqual(await drain(channel, queue), ['1']);
    await channel.unbindExchange(to, from, 'a.*');
    channel.publish(from, 'a.b', Buffer.from('3'));
    await channel.waitForConfirms();
    assert.deepEqual(await drain(channel, queue), []);
  },

  'what is unroutable goes to the alternate exchange': async (world) => {
    const channel = await world.confirmChannel();
    const [other, queue] = [await world.exchange(channel, 'fanout'), await world.queue(channel)];
    await channel.bindQueue(queue, other, '');
    const exchange = await world.exchange(channel, 'direct', { alternateExchange: other });
    channel.on('return', () => assert.fail('it was routed'));
    channel.publish(exchange, 'nobody', Buffer.from('x'), { mandatory: true });
    await channel.waitForConfirms();
    assert.deepEqual(await drain(channel, queue), ['x']);
  },

  'an auto-delete one goes with its last binding': async (world) => {
    const channel = await world.confirmChannel();
    const exchange = await world.exchange(channel, 'fanout', { autoDelete: true });
    const queue = await world.queue(channel);
    await channel.bindQueue(queue, exchange, '');
    assert.equal(await isThere(await world.channel(), exchange), true);
    await channel.unbindQueue(queue, exchange, '');
    assert.equal(await isThere(await world.channel(), exchange), false);
  },

  'those of the protocol are there from the beginning': async (world) => {
    const channel = await world.channel();
    for (const name of ['amq.direct', 'amq.fanout', 'amq.topic', 'amq.headers', 'amq.match'])
      await channel.checkExchange(name);
  },
});

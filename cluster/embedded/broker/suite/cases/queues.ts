import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { ChannelModel } from 'amqplib';
import { drain, topic, type World } from '../case.ts';

/** On a channel of its own, which ends where the queue is not there. */
async function isThere(world: World, connection: ChannelModel, queue: string): Promise<boolean> {
  const channel = await world.channel(connection);
  return channel.checkQueue(queue).then(
    () => true,
    () => false,
  );
}

export const queues = topic('queues', {
  'a declaration tells of messages and consumers': async (world) => {
    const channel = await world.confirmChannel();
    const queue = await world.queue(channel);
    for (const text of ['1', '2', '3']) channel.sendToQueue(queue, Buffer.from(text));
    await channel.waitForConfirms();
    assert.deepEqual(await channel.assertQueue(queue), { queue, messageCount: 3, consumerCount: 0 });
    await channel.prefetch(1);
    await channel.consume(queue, () => {});
    const { messageCount, consumerCount } = await channel.checkQueue(queue);
    assert.deepEqual({ messageCount, consumerCount }, { messageCount: 2, consumerCount: 1 });
  },

  'without a name the server makes one up': async (world) => {
    const channel = await world.channel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    assert.match(queue, /^amq\.gen-/);
    channel.sendToQueue(queue, Buffer.from('x'));
    assert.deepEqual(await channel.purgeQueue(''), { messageCount: 1 }, 'an empty name is the last queue');
  },

  'purge drops what is ready, not what is delivered': async (world) => {
    const channel = await world.confirmChannel();
    const queue = await world.queue(channel);
    for (const text of ['1', '2', '3']) channel.sendToQueue(queue, Buffer.from(text), { persistent: true });
    await channel.waitForConfirms();
    const first = await channel.get(queue);
    assert.deepEqual(await channel.purgeQueue(queue), { messageCount: 2 });
    assert.ok(first);
    channel.nack(first);
    assert.deepEqual(await drain(channel, queue), ['1']);
  },

  'delete tells how many it held, and takes the bindings along': async (world) => {
    const channel = await world.confirmChannel();
    const [queue, exchange] = [await world.queue(channel), await world.exchange(channel, 'fanout')];
    await channel.bindQueue(queue, exchange, '');
    channel.sendToQueue(queue, Buffer.from('x'));
    await channel.waitForConfirms();
    assert.deepEqual(await channel.deleteQueue(queue), { messageCount: 1 });
    assert.deepEqual(await channel.deleteQueue(queue), { messageCount: 0 }, 'again');
    await channel.assertQueue(queue);
    channel.publish(exchange, '', Buffer.from('x'));
    await channel.waitForConfirms();
    assert.deepEqual(await drain(channel, queue), []);
  },

  'an auto-delete one goes with its last consumer, not before it had one': async (world) => {
    const channel = await world.channel();
    const queue = await world.queue(channel, { autoDelete: true });
    assert.equal(await isThere(world, await world.connection(), queue), true);
    const { consumerTag } = await channel.consume(queue, () => {});
    await channel.cancel(consumerTag);
    assert.equal(await isThere(world, await world.connection(), queue), false);
  },

  'an exclusive one goes with its connection': async (world) => {
    const connection = await world.connection();
    const queue = await world.queue(await world.channel(connection), { exclusive: true });
    await connection.close();
    assert.equal(await isThere(world, await world.connection(), queue), false);
  },

  'one that expires goes when nobody has used it': async (world) => {
    const connection = await world.connection();
    const queue = await world.queue(await world.channel(connection), { expires: 50 });
    do
      await delay(100); // to ask for it is to use it
    while (await isThere(world, connection, queue));
  },

  'one that expires stays while it has a consumer': async (world) => {
    const connection = await world.connection();
    const channel = await world.channel(connection);
    const queue = await world.queue(channel, { expires: 2_000 });
    await channel.consume(queue, () => {});
    await delay(2_200); // longer than it would have lived
    assert.equal(await isThere(world, connection, queue), true);
  },

  'the greater priority comes first, equal ones in order': async (world) => {
    const channel = await world.confirmChannel();
    const queue = await world.queue(channel, { maxPriority: 5 });
    const sent: [string, number | undefined][] = [
      ['a', 1],
      ['b', 5],
      ['c', undefined],
      ['d', 1],
      ['e', 9],
      ['f', 3],
    ];
    for (const [text, priority] of sent) channel.sendToQueue(queue, Buffer.from(text), { priority, persistent: true });
    await channel.waitForConfirms();
    assert.deepEqual(await drain(channel, queue), ['b', 'e', 'f', 'a', 'd', 'c']);
  },

  'max-length drops the oldest': async (world) => {
    const channel = await world.confirmChannel();
    const queue = await world.queue(channel, { maxLength: 2 });
    for (const text of ['1', '2', '3', '4']) channel.sendToQueue(queue, Buffer.from(text), { persistent: true });
    await channel.waitForConfirms();
    assert.deepEqual(await drain(channel, queue), ['3', '4']);
  },

  'max-length-bytes counts bodies': async (world) => {
    const channel = await world.confirmChannel();
    const queue = await world.queue(channel, { arguments: { 'x-max-length-bytes': 25 } });
    for (const text of ['1', '2', '3', '4']) channel.sendToQueue(queue, Buffer.alloc(10, text));
    await channel.waitForConfirms();
    assert.deepEqual(await drain(channel, queue), ['3333333333', '4444444444']);
  },

  'with reject-publish what is too much is refused by a nack': async (world) => {
    const channel = await world.confirmChannel();
    const queue = await world.queue(channel, { maxLength: 1, arguments: { 'x-overflow': 'reject-publish' } });
    const outcome = (text: string) =>
      new Promise<string>((resolve) =>
        channel.sendToQueue(queue, Buffer.from(text), {}, (error) => resolve(error ? 'nack' : 'ack')),
      );
    assert.equal(await outcome('1'), 'ack');
    assert.equal(await outcome('2'), 'nack');
    assert.equal(await outcome('3'), 'nack');
    assert.deepEqual(await drain(channel, queue), ['1']);
    assert.equal(await outcome('4'), 'ack');
  },
});

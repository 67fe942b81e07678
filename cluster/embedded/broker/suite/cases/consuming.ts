import assert from 'node:assert/strict';
import type { Channel, ConsumeMessage, Options } from 'amqplib';
import { arrival, closedWith, drain, topic } from '../case.ts';

/** What a consumer has been given so far, and a promise for when it has so many. */
async function collect(channel: Channel, queue: string, options: Options.Consume = {}) {
  const messages: ConsumeMessage[] = [];
  const waiting: (() => void)[] = [];
  const { consumerTag } = await channel.consume(
    queue,
    (message) => {
      if (message) messages.push(message);
      for (const check of waiting) check();
    },
    options,
  );
  const has = (count: number) =>
    new Promise<void>((resolve) => {
      const check = () => messages.length >= count && resolve();
      waiting.push(check);
      check();
    });
  return { messages, has, consumerTag, texts: () => messages.map(({ content }) => content.toString()) };
}

async function fill(channel: Channel, queue: string, count: number): Promise<void> {
  for (let i = 1; i <= count; i++) channel.sendToQueue(queue, Buffer.from(String(i)), { persistent: true });
  while ((await channel.checkQueue(queue)).messageCount < count);
}

/** What a broker sent to this channel before now has come. */
const settled = (channel: Channel, queue: string) => channel.checkQueue(queue);

export const consuming = topic('consuming', {
  'prefetch bounds what a consumer has without acknowledging it': async (world) => {
    const channel = await world.channel();
    const queue = await world.queue(channel);
    await fill(channel, queue, 10);
    await channel.prefetch(3);
    const got = await collect(channel, queue);
    await got.has(3);
    await settled(channel, queue);
    assert.deepEqual(got.texts(), ['1', '2', '3']);
    channel.ack(got.messages[1]!);
    await got.has(4);
    await settled(channel, queue);
    assert.deepEqual(got.texts(), ['1', '2', '3', '4']);
  },

  'prefetch counts for each consumer to come': async (world) => {
    const channel = await world.channel();
    const queue = await world.queue(channel);
    await fill(channel, queue, 10);
    await channel.prefetch(2);
    const first = await collect(channel, queue);
    await channel.prefetch(1);
    const second = await collect(channel, queue);
    await settled(channel, queue);
    assert.deepEqual([first.messages.length, second.messages.length], [2, 1]);
  },

  'a global prefetch counts for the channel': async (world) => {
    const channel = await world.channel();
    const queue = await world.queue(channel);
    await fill(channel, queue, 10);
    await channel.prefetch(3, true);
    const [first, second] = [await collect(channel, queue), await collect(channel, queue)];
    await settled(channel, queue);
    assert.equal(first.messages.length + second.messages.length, 3);
    channel.ackAll();
    await Promise.race([first.has(4), second.has(4), settled(channel, queue)]);
    await settled(channel, queue);
    assert.equal(first.messages.length + second.messages.length, 6);
  },

  'ack of several settles all up to that one': async (world) => {
    const channel = await world.channel();
    const queue = await world.queue(channel);
    await fill(channel, queue, 5);
    const got = await collect(channel, queue);
    await got.has(5);
    channel.ack(got.messages[2]!, true);
    await settled(channel, queue);
    await channel.close();
    assert.deepEqual(await drain(await world.channel(), queue), ['4', '5']);
  },

  'what is not acknowledged comes back in its place, flagged': async (world) => {
    const channel = await world.channel();
    const queue = await world.queue(channel);
    await fill(channel, queue, 4);
    await channel.prefetch(2);
    const got = await collect(channel, queue);
    await got.has(2);
    assert.deepEqual(
      got.messages.map(({ fields }) => fields.redelivered),
      [false, false],
    );
    await channel.close();
    const next = await world.channel();
    const again = await collect(next, queue);
    await again.has(4);
    assert.deepEqual(again.texts(), ['1', '2', '3', '4']);
    assert.deepEqual(
      again.messages.map(({ fields }) => fields.redelivered),
      [true, true, false, false],
    );
  },

  'nack with requeue puts it back, without it drops it': async (world) => {
    const channel = await world.channel();
    const queue = await world.queue(channel);
    await fill(channel, queue, 3);
    const [first, second] = [await arrival(channel, queue, false), await arrival(channel, queue, false)];
    channel.nack(first, false, true);
    channel.nack(second, false, false);
    const again = await arrival(channel, queue, false);
    assert.equal(again.content.toString(), '1');
    assert.equal(again.fields.redelivered, true);
    channel.reject(again, false);
    assert.deepEqual(await drain(channel, queue), ['3']);
  },

  'nack of several puts all back in order': async (world) => {
    const channel = await world.channel();
    const queue = await world.queue(channel);
    await fill(channel, queue, 4);
    const got = [];
    for (let i = 0; i < 3; i++) got.push(await arrival(channel, queue, false));
    channel.nack(got[2]!, true, true);
    assert.deepEqual(await drain(channel, queue), ['1', '2', '3', '4']);
  },

  'recover puts back all that the channel has': async (world) => {
    const channel = await world.channel();
    const queue = await world.queue(channel);
    await fill(channel, queue, 2);
    await arrival(channel, queue, false);
    await channel.recover();
    assert.deepEqual(await drain(channel, queue), ['1', '2']);
  },

  'without ack a message is gone with its delivery': async (world) => {
    const channel = await world.channel();
    const queue = await world.queue(channel);
    await fill(channel, queue, 3);
    const got = await collect(channel, queue, { noAck: true });
    await got.has(3);
    await channel.close();
    assert.deepEqual(await drain(await world.channel(), queue), []);
  },

  'consumers take turns': async (world) => {
    const channel = await world.channel();
    const queue = await world.queue(channel);
    const [first, second] = [await collect(channel, queue), await collect(channel, queue)];
    for (let i = 1; i <= 6; i++) channel.sendToQueue(queue, Buffer.from(String(i)));
    await Promise.all([first.has(3), second.has(3)]);
    await settled(channel, queue);
    assert.deepEqual([first.messages.length, second.messages.length], [3, 3]);
  },

  'the consumer of greater priority is served first': async (world) => {
    const channel = await world.channel();
    const queue = await world.queue(channel);
    await channel.prefetch(2);
    const less = await collect(channel, queue);
    const more = await collect(channel, queue, { priority: 5 });
    for (let i = 1; i <= 3; i++) channel.sendToQueue(queue, Buffer.from(String(i)));
    await Promise.all([less.has(1), more.has(2)]);
    assert.deepEqual([less.texts(), more.texts()], [['3'], ['1', '2']]);
  },

  'a single active consumer is followed by the next': async (world) => {
    const channel = await world.channel();
    const queue = await world.queue(channel, { arguments: { 'x-single-active-consumer': true } });
    const [first, second] = [await collect(channel, queue), await collect(channel, queue)];
    for (let i = 1; i <= 3; i++) channel.sendToQueue(queue, Buffer.from(String(i)));
    await first.has(3);
    await channel.cancel(first.consumerTag);
    channel.sendToQueue(queue, Buffer.from('4'));
    await second.has(1);
    assert.deepEqual(second.texts(), ['4']);
  },

  'one that is cancelled gets nothing more, and keeps what it has': async (world) => {
    const channel = await world.channel();
    const queue = await world.queue(channel);
    await fill(channel, queue, 2);
    await channel.prefetch(1);
    const got = await collect(channel, queue);
    await got.has(1);
    await channel.cancel(got.consumerTag);
    channel.ack(got.messages[0]!);
    assert.deepEqual(await drain(channel, queue), ['2']);
    assert.equal(got.messages.length, 1);
  },

  'a consumer is told when its queue is deleted': async (world) => {
    const channel = await world.channel();
    const queue = await world.queue(channel);
    const told = new Promise<ConsumeMessage | null>((resolve) => void channel.consume(queue, resolve));
    await settled(channel, queue);
    await (await world.channel()).deleteQueue(queue);
    assert.equal(await told, null);
  },

  'an exclusive consumer is alone (403)': async (world) => {
    const channel = await world.channel();
    const queue = await world.queue(channel);
    await collect(channel, queue, { exclusive: true });
    const other = await world.channel();
    assert.equal(await closedWith(other, () => other.consume(queue, () => {})), 403);
  },

  'an empty queue answers get with nothing': async (world) => {
    const channel = await world.channel();
    assert.equal(await channel.get(await world.queue(channel)), false);
  },

  'get tells how many are left': async (world) => {
    const channel = await world.channel();
    const queue = await world.queue(channel);
    await fill(channel, queue, 3);
    assert.equal((await arrival(channel, queue)).fields.messageCount, 2);
  },

  'a delivery tag that waits for nothing closes the channel with 406': async (world) => {
    const channel = await world.channel();
    const queue = await world.queue(channel);
    await fill(channel, queue, 1);
    const message = await arrival(channel, queue, false);
    channel.ack(message);
    assert.equal(await closedWith(channel, () => channel.ack(message)), 406);
  },

  'a connection that is cut gives back what it had': async (world) => {
    const connection = await world.connection();
    const channel = await world.channel(connection);
    const queue = await world.queue(channel);
    await fill(channel, queue, 1);
    await arrival(channel, queue, false);
    await world.cut(connection);
    assert.equal((await arrival(await world.channel(), queue)).fields.redelivered, true);
  },
});

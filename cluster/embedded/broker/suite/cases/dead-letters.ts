import assert from 'node:assert/strict';
import type { Channel, ConfirmChannel, Options } from 'amqplib';
import { arrival, drain, topic, type World } from '../case.ts';

/** A queue whose dead messages go to another. */
async function pair(
  world: World,
  channel: Channel,
  options: Options.AssertQueue,
): Promise<{ queue: string; dead: string }> {
  const dead = await world.queue(channel);
  return {
    dead,
    queue: await world.queue(channel, { deadLetterExchange: '', deadLetterRoutingKey: dead, ...options }),
  };
}

async function send(
  channel: ConfirmChannel,
  queue: string,
  text: string,
  options: Options.Publish = {},
): Promise<void> {
  channel.sendToQueue(queue, Buffer.from(text), { persistent: true, ...options });
  await channel.waitForConfirms();
}

export const deadLetters = topic('dead letters', {
  'a message that is rejected goes to the dead-letter exchange, and says why': async (world) => {
    const channel = await world.confirmChannel();
    const { queue, dead } = await pair(world, channel, {});
    await send(channel, queue, 'poison', { headers: { kept: 'yes' } });
    channel.nack(await arrival(channel, queue, false), false, false);
    const message = await arrival(channel, dead);
    assert.equal(message.content.toString(), 'poison');
    assert.equal(message.properties.deliveryMode, 2);
    const headers = message.properties.headers!;
    const [death] = headers['x-death']!;
    assert.deepEqual(
      { ...death, time: null },
      { reason: 'rejected', queue, exchange: '', 'routing-keys': [queue], count: 1, time: null },
    );
    assert.equal(death!.time['!'], 'timestamp');
    assert.equal(headers['x-first-death-queue'], queue);
    assert.equal(headers['x-first-death-reason'], 'rejected');
    assert.equal(headers['x-first-death-exchange'], '');
    assert.equal(headers.kept, 'yes');
  },

  'the time to live of a queue ends there too': async (world) => {
    const channel = await world.confirmChannel();
    const { queue, dead } = await pair(world, channel, { messageTtl: 20 });
    await send(channel, queue, 'late');
    const message = await arrival(channel, dead);
    assert.equal(message.properties.headers!['x-death']![0]!.reason, 'expired');
    assert.deepEqual(await drain(channel, queue), []);
  },

  "a message's own expiration is taken off, and told of": async (world) => {
    const channel = await world.confirmChannel();
    const { queue, dead } = await pair(world, channel, { messageTtl: 60_000 });
    await send(channel, queue, 'late', { expiration: '20' });
    const message = await arrival(channel, dead);
    assert.equal(message.properties.expiration, undefined);
    assert.equal(message.properties.headers!['x-death']![0]!['original-expiration'], '20');
  },

  'an expiration of 0 is for a consumer that is there at once': async (world) => {
    const channel = await world.confirmChannel();
    const { queue, dead } = await pair(world, channel, {});
    await send(channel, queue, 'nobody', { expiration: '0' });
    assert.equal((await arrival(channel, dead)).content.toString(), 'nobody');
    const got = new Promise<string>((resolve) => {
      void channel.consume(queue, (message) => resolve(message!.content.toString()), { noAck: true });
    });
    await channel.checkQueue(queue);
    await send(channel, queue, 'somebody', { expiration: '0' });
    assert.equal(await got, 'somebody');
  },

  'what a length limit drops goes there, the oldest first': async (world) => {
    const channel = await world.confirmChannel();
    const { queue, dead } = await pair(world, channel, { maxLength: 1 });
    for (const text of ['1', '2', '3']) await send(channel, queue, text);
    const [first, second] = [await arrival(channel, dead), await arrival(channel, dead)];
    assert.deepEqual(
      [first, second].map(({ content }) => content.toString()),
      ['1', '2'],
    );
    assert.equal(first.properties.headers!['x-death']![0]!.reason, 'maxlen');
  },

  'its own routing key is kept where no other is set': async (world) => {
    const channel = await world.confirmChannel();
    const [exchange, dead] = [await world.exchange(channel, 'topic'), await world.queue(channel)];
    await channel.bindQueue(dead, exchange, '#');
    const queue = await world.queue(channel, { deadLetterExchange: exchange });
    await send(channel, queue, 'x');
    channel.nack(await arrival(channel, queue, false), false, false);
    const { fields } = await arrival(channel, dead);
    assert.deepEqual([fields.exchange, fields.routingKey], [exchange, queue]);
  },

  'a retry through a queue that waits counts its rounds': async (world) => {
    const channel = await world.confirmChannel();
    const work = world.name('work');
    const retry = await world.queue(channel, { messageTtl: 5, deadLetterExchange: '', deadLetterRoutingKey: work });
    await channel.assertQueue(work, { deadLetterExchange: '', deadLetterRoutingKey: retry });
    await send(channel, work, 'again');
    for (const rounds of [0, 1, 2, 3]) {
      const message = await arrival(channel, work, false);
      const deaths = message.properties.headers?.['x-death'] ?? [];
      assert.deepEqual(
        deaths.map(({ queue, reason, count }) => [queue, reason, count]),
        rounds === 0
          ? []
          : [
              [retry, 'expired', rounds],
              [work, 'rejected', rounds],
            ],
      );
      channel.nack(message, false, false);
    }
    await channel.deleteQueue(work);
  },

  'headers as long as can be do not keep a message from it': async (world) => {
    const channel = await world.confirmChannel();
    const { queue, dead } = await pair(world, channel, { messageTtl: 5 });
    await send(channel, queue, 'kept', { headers: { long: 'x'.repeat(65_000) } });
    const message = await arrival(channel, dead);
    assert.equal(message.content.toString(), 'kept');
    assert.equal((message.properties.headers!.long as string).length, 65_000);
  },

  'one that would go in a circle by itself is dropped': async (world) => {
    const channel = await world.confirmChannel();
    const queue = world.name('circle');
    await channel.assertQueue(queue, { messageTtl: 5, deadLetterExchange: '', deadLetterRoutingKey: queue });
    await send(channel, queue, 'round');
    while ((await channel.checkQueue(queue)).messageCount > 0);
    await channel.deleteQueue(queue);
  },
});

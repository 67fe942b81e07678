import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ConsumeMessage } from 'amqplib';
import { drain, topic } from '../case.ts';

export const publishing = topic('publishing', {
  'a message keeps its body, properties and headers': async (world) => {
    const channel = await world.confirmChannel();
    const queue = await world.queue(channel);
    const headers = {
      text: 'a',
      number: 7,
      big: 2 ** 40,
      half: 0.5,
      yes: true,
      nothing: null,
      list: [1, 'b'],
      table: { c: 1 },
    };
    const properties = {
      ...{ contentType: 'text/plain', contentEncoding: 'identity', priority: 3, correlationId: 'c', replyTo: 'r' },
      ...{ messageId: 'm', timestamp: 1_700_000_000, type: 't', appId: 'a', deliveryMode: 2 },
    };
    channel.sendToQueue(queue, Buffer.from('hello'), { ...properties, headers });
    await channel.waitForConfirms();
    const message = await channel.get(queue, { noAck: true });
    assert.ok(message);
    assert.equal(message.content.toString(), 'hello');
    assert.deepEqual({ ...message.properties.headers }, headers);
    for (const [name, value] of Object.entries(properties)) {
      assert.equal(message.properties[name as keyof typeof properties], value, name);
    }
    assert.deepEqual([message.fields.exchange, message.fields.routingKey], ['', queue]);
  },

  'messages are delivered in the order in which they were published': async (world) => {
    const channel = await world.confirmChannel();
    const queue = await world.queue(channel);
    const sent = Array.from({ length: 3_000 }, (_, index) => String(index));
    for (const text of sent) channel.sendToQueue(queue, Buffer.from(text));
    await channel.waitForConfirms();
    const got: string[] = [];
    await new Promise<void>((resolve) => {
      void channel.consume(queue, (message) => {
        got.push(message!.content.toString());
        channel.ack(message!);
        if (got.length === sent.length) resolve();
      });
    });
    assert.deepEqual(got, sent);
  },

  'bodies of no byte, and of more than a frame, arrive as they were': async (world) => {
    const channel = await world.confirmChannel();
    const queue = await world.queue(channel);
    for (const bytes of [0, 1, 131_064, 131_065, 3_000_000]) {
      const body = Buffer.alloc(bytes, 'abcdefg');
      channel.sendToQueue(queue, body);
      await channel.waitForConfirms();
      const message = await channel.get(queue, { noAck: true });
      assert.ok(message && message.content.equals(body), `${bytes} bytes`);
    }
  },

  'a small frame size holds in both directions': async (world) => {
    const channel = await world.confirmChannel(await world.connection({}, `${world.url}?frameMax=4096`));
    const queue = await world.queue(channel);
    const body = Buffer.alloc(50_000, 'abcdefg');
    channel.sendToQueue(queue, body);
    await channel.waitForConfirms();
    const message = await channel.get(queue, { noAck: true });
    assert.ok(message && message.content.equals(body));
  },

  'every message is confirmed, also one that nobody gets': async (world) => {
    const channel = await world.confirmChannel();
    const queue = await world.queue(channel);
    const confirmed = (key: string) =>
      new Promise<unknown>((resolve) => channel.publish('', key, Buffer.from('x'), { persistent: true }, resolve));
    assert.deepEqual(await Promise.all([confirmed(queue), confirmed('nobody'), confirmed(queue)]), [null, null, null]);
    assert.equal((await drain(channel, queue)).length, 2);
  },

  'a mandatory message that no queue gets comes back before its confirm': async (world) => {
    const channel = await world.confirmChannel();
    const order: string[] = [];
    const returned = once(channel, 'return') as Promise<
      [ConsumeMessage & { fields: { replyCode: number; replyText: string } }]
    >;
    channel.on('return', () => order.push('return'));
    channel.publish('amq.direct', 'nobody', Buffer.from('back'), { mandatory: true, messageId: '1' }, () =>
      order.push('confirm'),
    );
    await channel.waitForConfirms();
    const [message] = await returned;
    assert.deepEqual(order, ['return', 'confirm']);
    assert.equal(message.content.toString(), 'back');
    assert.equal(message.properties.messageId, '1');
    const { replyCode, replyText, exchange, routingKey } = message.fields;
    assert.deepEqual(
      { replyCode, replyText, exchange, routingKey },
      {
        ...{ replyCode: 312, replyText: 'NO_ROUTE', exchange: 'amq.direct', routingKey: 'nobody' },
      },
    );
  },

  'one that is routed does not come back': async (world) => {
    const channel = await world.confirmChannel();
    const queue = await world.queue(channel);
    channel.on('return', () => assert.fail('it came back'));
    channel.sendToQueue(queue, Buffer.from('x'), { mandatory: true });
    await channel.waitForConfirms();
    assert.deepEqual(await drain(channel, queue), ['x']);
  },
});

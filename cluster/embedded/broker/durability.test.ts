import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { connect, type ChannelModel, type GetMessage } from 'amqplib';
import { startBroker } from './testing/broker-process.ts';

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'broker-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function connectTo(url: string): Promise<ChannelModel> {
  const connection = await connect(url);
  connection.on('error', () => {}); // it is cut
  return connection;
}

async function takeAll(connection: ChannelModel, queue: string): Promise<GetMessage[]> {
  const channel = await connection.createChannel();
  const messages: GetMessage[] = [];
  for (;;) {
    const message = await channel.get(queue, { noAck: true });
    if (!message) return messages;
    messages.push(message);
  }
}

test('what was confirmed survives a SIGKILL, and nothing comes twice without its flag', async (t) => {
  const folder = folderOf(t);
  const [confirmed, sent, delivered] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const acknowledged = new Set<string>();
  // Killed in the middle of it, again and again.
  for (const round of ['a', 'b', 'c']) {
    const broker = await startBroker(folder);
    const connection = await connectTo(broker.url);
    const channel = await connection.createConfirmChannel();
    const consumer = await connection.createChannel();
    await channel.assertQueue('orders');
    await consumer.prefetch(20);
    await consumer.consume('orders', (message) => {
      if (!message) return;
      const text = message.content.toString();
      assert.ok(!delivered.has(text) || message.fields.redelivered, `${text} came again without its flag`);
      delivered.add(text);
      if (delivered.size % 3 > 0) return;
      consumer.ack(message);
      acknowledged.add(text);
    });
    const enough = new Promise<void>((resolve) => {
      const publish = (index: number) => {
        const text = `${round}${index}`;
        sent.add(text);
        channel.sendToQueue('orders', Buffer.from(text), { persistent: true }, (error) => {
          if (error) return;
          confirmed.add(text);
          if (index >= 400) resolve();
          publish(index + 50);
        });
      };
      for (let i = 0; i < 50; i++) publish(i);
    });
    await enough;
    await broker.kill();
  }
  const broker = await startBroker(folder);
  t.after(() => broker.stop());
  const connection = await connectTo(broker.url);
  const left = await takeAll(connection, 'orders');
  await connection.close();
  const texts = left.map(({ content }) => content.toString());
  assert.equal(new Set(texts).size, texts.length, 'nothing is there twice');
  assert.ok(
    texts.every((text) => sent.has(text)),
    'nothing is there that nobody has sent',
  );
  const lost = [...confirmed].filter((text) => !acknowledged.has(text) && !texts.includes(text));
  assert.deepEqual(lost, []);
  assert.ok(left.every(({ content, fields }) => fields.redelivered || !delivered.has(content.toString())));
  assert.ok(confirmed.size > 1_000 && acknowledged.size > 0);
});

test('a restart keeps what is durable, with the flag of those that had been delivered, and nothing else', async (t) => {
  const folder = folderOf(t);
  const first = await startBroker(folder);
  const before = await connectTo(first.url);
  const channel = await before.createConfirmChannel();
  await channel.assertExchange('kept', 'topic', { durable: true });
  await channel.assertExchange('gone', 'topic', { durable: false });
  await channel.assertQueue('kept', { maxPriority: 2, arguments: { 'x-max-length': 100 } });
  await channel.assertQueue('gone', { durable: false });
  await channel.bindQueue('kept', 'kept', 'a.*', { note: 'x' });
  const headers = { n: 1 };
  for (const [text, priority] of [
    ['1', 0],
    ['2', 2],
    ['3', 0],
  ] as const) {
    channel.publish('kept', 'a.b', Buffer.from(text), { persistent: true, priority, headers });
  }
  channel.publish('kept', 'a.b', Buffer.from('transient'));
  channel.sendToQueue('gone', Buffer.from('x'), { persistent: true });
  await channel.waitForConfirms();
  assert.equal(((await channel.get('kept')) as GetMessage).content.toString(), '2');
  assert.equal(await first.stop(), 0);

  const second = await startBroker(folder);
  t.after(() => second.stop());
  const after = await connectTo(second.url);
  const again = await after.createConfirmChannel();
  again.publish('kept', 'a.c', Buffer.from('4'), { persistent: true });
  await again.waitForConfirms();
  await again.assertQueue('kept', { maxPriority: 2, arguments: { 'x-max-length': 100 } });
  const messages = await takeAll(after, 'kept');
  assert.deepEqual(
    messages.map(({ content, fields }) => [content.toString(), fields.redelivered]),
    [
      ['2', true],
      ['1', false],
      ['3', false],
      ['4', false],
    ],
  );
  assert.deepEqual({ ...messages[0]!.properties.headers }, headers);
  for (const check of ['checkQueue', 'checkExchange'] as const) {
    const channel = await after.createChannel();
    channel.on('error', () => {});
    await assert.rejects(channel[check]('gone'), /404/);
  }
  await after.close();
});

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { connect, type ConsumeMessage } from 'amqplib';
import fc from 'fast-check';
import { encodeMethod, encodeProperties, methodId } from './protocol/codec.ts';
import { startBroker, type BrokerProcess } from './testing/broker-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'broker-'));
let broker: BrokerProcess;
before(async () => {
  broker = await startBroker(folder);
});
after(async () => {
  await broker.stop();
  rmSync(folder, { recursive: true, force: true });
});

const method = (name: string, channel: number, fields: object) => encodeMethod(methodId(name), channel, fields);
const response = Buffer.from('\0guest\0guest');

/** What a good client says, up to a message that comes back to it. */
const conversation = [
  Buffer.from('AMQP\0\0\x09\x01', 'latin1'),
  method('ConnectionStartOk', 0, { clientProperties: {}, mechanism: 'PLAIN', response, locale: 'en_US' }),
  method('ConnectionTuneOk', 0, { channelMax: 10, frameMax: 8192, heartbeat: 0 }),
  method('ConnectionOpen', 0, { virtualHost: '/' }),
  method('ChannelOpen', 1, {}),
  method('QueueDeclare', 1, {
    queue: 'fuzzed',
    durable: false,
    arguments: { 'x-max-length': 10, 'x-max-priority': 3 },
  }),
  method('ExchangeDeclare', 1, { exchange: 'fuzzed', type: 'topic', durable: false, autoDelete: true, arguments: {} }),
  method('QueueBind', 1, { queue: 'fuzzed', exchange: 'fuzzed', routingKey: 'a.#', arguments: { list: [1, 'b'] } }),
  method('ConfirmSelect', 1, {}),
  method('BasicConsume', 1, { queue: 'fuzzed', consumerTag: 'c', noAck: false, arguments: {} }),
  method('BasicPublish', 1, { exchange: 'fuzzed', routingKey: 'a.b', mandatory: true }),
  encodeProperties(60, 1, 5, { headers: { a: { b: [true, null] } }, priority: 2, deliveryMode: 2, expiration: '1000' }),
  Buffer.from([3, 0, 1, 0, 0, 0, 5, 104, 101, 108, 108, 111, 0xce]),
  method('BasicAck', 1, { deliveryTag: 1, multiple: false }),
  method('ChannelClose', 1, { replyCode: 200, replyText: '', classId: 0, methodId: 0 }),
  method('ConnectionClose', 0, { replyCode: 200, replyText: '', classId: 0, methodId: 0 }),
];

/** A frame left out, said twice or elsewhere, bytes changed or cut off: most of it is understood up to there. */
const damage = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('change' as const), frame: fc.nat(), at: fc.nat(), byte: fc.nat(255) }),
    fc.record({
      kind: fc.constantFrom('leave-out' as const, 'repeat' as const, 'cut' as const),
      frame: fc.nat(),
      at: fc.nat(),
      byte: fc.nat(),
    }),
    fc.record({ kind: fc.constant('move' as const), frame: fc.nat(), at: fc.nat(), byte: fc.nat() }),
  ),
  { minLength: 1, maxLength: 3 },
);

function damaged(damages: { kind: string; frame: number; at: number; byte: number }[]): Buffer {
  const frames = conversation.map((frame) => Buffer.from(frame));
  for (const { kind, frame, at, byte } of damages) {
    // The protocol's name and the login come through, mostly.
    const index = 1 + (frame % (frames.length - 1));
    const chosen = frames[index]!;
    if (kind === 'change') chosen[at % chosen.length] = byte;
    else if (kind === 'cut') frames[index] = chosen.subarray(0, at % chosen.length);
    else frames.splice(index, kind === 'repeat' ? 0 : 1);
    if (kind === 'repeat' || kind === 'move') frames.splice(1 + (at % frames.length), 0, chosen);
  }
  return Buffer.concat(frames);
}

const port = () => Number(new URL(broker.url).port);

/** Sends it all, and waits until the broker has ended the connection: it does when the client ends its half. */
async function say(bytes: Buffer): Promise<void> {
  const socket = connectSocket(port(), '127.0.0.1');
  socket.on('error', () => {}); // it may be reset
  socket.resume();
  socket.end(bytes);
  await once(socket, 'close');
}

test('a message may claim any history of its own', async () => {
  const connection = await connect(broker.url);
  const channel = await connection.createConfirmChannel();
  const { queue: dead } = await channel.assertQueue('', { exclusive: true });
  const { queue } = await channel.assertQueue('', {
    ...{ exclusive: true, messageTtl: 1, deadLetterExchange: '', deadLetterRoutingKey: dead },
  });
  const deaths = [null, 'expired', { queue: 7 }, { queue, reason: 'expired', count: 'often' }];
  const arrived = new Promise<ConsumeMessage | null>((resolve) => void channel.consume(dead, resolve, { noAck: true }));
  channel.sendToQueue(queue, Buffer.from('poison'), { headers: { 'x-death': deaths } });
  const message = await Promise.race([arrived, once(connection, 'error').then(() => null)]);
  assert.deepEqual(
    message?.properties.headers?.['x-death']?.map(({ reason, count }) => ({ reason, count })),
    [{ reason: 'expired', count: 1 }],
  );
  await connection.close();
});

test('nothing that a client says ends the broker, or costs others anything', { timeout: 60_000 }, async () => {
  const samples = fc.sample(damage, { numRuns: 400, seed: 7 }).map(damaged);
  samples.push(
    ...fc
      .sample(fc.uint8Array({ maxLength: 200 }), { numRuns: 50, seed: 7 })
      .map((bytes) => Buffer.concat([conversation[0]!, bytes])),
  );
  for (let i = 0; i < samples.length; i += 20) await Promise.all(samples.slice(i, i + 20).map(say));
  const connection = await connect(broker.url);
  const channel = await connection.createConfirmChannel();
  const { queue } = await channel.assertQueue('', { exclusive: true });
  channel.sendToQueue(queue, Buffer.from('still here'));
  await channel.waitForConfirms();
  const message = await channel.get(queue);
  assert.equal(message && message.content.toString(), 'still here');
  await connection.close();
});

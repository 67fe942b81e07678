import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect } from 'amqplib';
import { until } from '../testing/until.ts';
import { encodeMethod, methodId } from './protocol/codec.ts';
import { startBroker } from './testing/broker-process.ts';

const method = (name: string, channel: number, fields: object) => encodeMethod(methodId(name), channel, fields);
const response = Buffer.from('\0guest\0guest');

test('who asks for more than it takes is not read any more until it has taken it', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'broker-'));
  const broker = await startBroker(folder);
  const connection = await connect(broker.url);
  t.after(async () => {
    await connection.close();
    await broker.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const channel = await connection.createConfirmChannel();
  const [count, bytes] = [64, 2 ** 20];
  await channel.assertQueue('many');
  for (let i = 0; i < count; i++) channel.sendToQueue('many', Buffer.alloc(bytes), { persistent: true });
  await channel.waitForConfirms();

  const greedy = connectSocket(Number(new URL(broker.url).port), '127.0.0.1');
  t.after(() => greedy.destroy());
  greedy.pause();
  const get = method('BasicGet', 1, { queue: 'many', noAck: true });
  const gets = Array.from({ length: count }, () => get);
  greedy.write(
    Buffer.concat([
      Buffer.from('AMQP\0\0\x09\x01', 'latin1'),
      method('ConnectionStartOk', 0, { clientProperties: {}, mechanism: 'PLAIN', response, locale: 'en_US' }),
      method('ConnectionTuneOk', 0, { channelMax: 10, frameMax: 131_072, heartbeat: 0 }),
      method('ConnectionOpen', 0, { virtualHost: '/' }),
      method('ChannelOpen', 1, {}),
      ...gets,
    ]),
  );
  const left = async () => (await channel.checkQueue('many')).messageCount;
  await until('it is given some', async () => (await left()) < count);
  const held = await left();
  assert.ok(held > count / 2, `${count - held} of ${count} MB are on their way to who takes nothing`);

  let taken = 0;
  greedy.on('data', (chunk) => (taken += chunk.length));
  greedy.resume();
  while (taken < count * bytes) await once(greedy, 'data');
  assert.equal(await left(), 0);
});

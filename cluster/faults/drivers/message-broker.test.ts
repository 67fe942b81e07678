import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect as dial } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { connect, type Channel, type ChannelModel, type ConsumeMessage } from 'amqplib';
import { startBroker, type BrokerProcess } from '../../embedded/broker/testing/broker-process.ts';
import type { Pod } from '../../embedded/kinds/types.ts';
import { eventually } from '../../shop/testing/eventually.ts';
import { freePort } from '../../shop/testing/free-port.ts';
import type { Reading } from '../evidence.ts';
import type { Surroundings } from './driver.ts';
import { messageBroker, type BrokerOrder } from './message-broker.ts';

const folder = mkdtempSync(join(tmpdir(), 'queue-faults-'));
const environment = { RABBITMQ_DEFAULT_USER: 'shop', RABBITMQ_DEFAULT_PASS: 'secret' };
let broker: BrokerProcess;
let connection: ChannelModel;
let channel: Channel;
let pod: Pod;
before(async () => {
  const management = await freePort();
  broker = await startBroker(folder, { ...environment, RABBITMQ_MANAGEMENT_PORT: String(management) });
  connection = await connect(broker.url);
  channel = await connection.createChannel();
  const ports = [
    { name: 'amqp', containerPort: Number(new URL(broker.url).port) },
    { name: 'management', containerPort: management },
  ];
  const container = { name: 'rabbitmq', image: 'rabbitmq', ports, envFrom: [{ secretRef: { name: 'rabbitmq' } }] };
  pod = { metadata: { name: 'rabbitmq-1', namespace: 'shop', uid: 'u1' }, spec: { containers: [container] } } as Pod;
});
after(async () => {
  await connection?.close();
  await broker?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function start() {
  const readings = new Map<string, Reading>();
  const data = Object.fromEntries(
    Object.entries(environment).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
  );
  const driver = messageBroker.start({
    dial: async (_uid: string, port: number) => dial(port, '127.0.0.1'),
    api: { get: async () => ({ data }) },
    report: (_id: string, reading: Reading) => void readings.set(reading.counter, reading),
    lost: () => undefined,
  } as unknown as Surroundings);
  const begin = (what: BrokerOrder, queue: string) =>
    driver.carryOut({ id: queue, what, pods: [pod], destinations: [`shop/${queue}`], remainingMs: 60_000 });
  return { driver, begin, last: () => [...readings.values()].at(-1) };
}

const depth = async (queue: string) => (await channel.checkQueue(queue)).messageCount;

test('a poison message comes back again and again, which is counted, and is taken out in the end while others stay', async () => {
  await channel.assertQueue('payments');
  const seen: ConsumeMessage[] = [];
  const consumer = await connection.createChannel();
  await consumer.consume('payments', (message) => {
    seen.push(message!);
    consumer.nack(message!, false, true);
  });
  const { driver, begin, last } = start();
  assert.deepEqual(await begin({ poison: 1 }, 'payments'), []);
  await eventually('deliveries that failed are counted', () => ((last()?.failed ?? 0) > 20 ? true : undefined));
  assert.equal(last()?.sent, 1);
  assert.equal(seen[0]!.properties.type, undefined);
  channel.sendToQueue('payments', Buffer.from('innocent'));
  assert.deepEqual((await driver.acting([pod])).ids, ['payments']);
  assert.deepEqual(await driver.undo('payments', [pod]), []);
  assert.deepEqual((await driver.acting([pod])).ids, []);
  await consumer.close();
  const left = await channel.get('payments');
  assert.equal(left && left.content.toString(), 'innocent');
  assert.equal(await depth('payments'), 0);
});

test('a flood sends as many as it is told, and stops', async () => {
  await channel.assertQueue('notifications');
  const { driver, begin, last } = start();
  const begun = performance.now();
  await begin({ perSecond: 500 }, 'notifications');
  await eventually('a second of it has come', async () => ((await depth('notifications')) >= 500 ? true : undefined));
  assert.ok(performance.now() - begun >= 900, 'not all at once');
  await driver.undo('notifications', [pod]);
  const sent = last()!.sent!;
  assert.ok(sent >= 500 && sent <= ((performance.now() - begun) / 1000) * 500 + 50, String(sent));
  assert.deepEqual((await driver.acting([pod])).ids, []);
});

test('a queue that is not there, and a pod that is no broker, are told of', async () => {
  const { begin } = start();
  const [unreached] = await begin({ poison: 1 }, 'nobody');
  assert.match(unreached!.why, /NOT_FOUND/);
  assert.match(messageBroker.cannotHit({ spec: { containers: [] } }, null)!, /name no port amqp/);
  assert.equal(messageBroker.cannotHit(pod, null), null);
});

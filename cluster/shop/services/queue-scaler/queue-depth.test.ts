import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect } from 'amqplib';
import { startBroker } from '../../../embedded/broker/testing/broker-process.ts';
import { serviceLog } from '../../service/log.ts';
import { eventually } from '../../testing/eventually.ts';
import { freePort } from '../../testing/free-port.ts';
import { followDepth } from './queue-depth.ts';

test('the depth of a queue is told, from when broker and queue are there, and again when the broker comes back', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'queue-depth-'));
  const environment = { RABBITMQ_NODE_PORT: String(await freePort()) };
  const url = `amqp://guest:guest@127.0.0.1:${environment.RABBITMQ_NODE_PORT}`;
  const told: number[] = [];
  const log: string[] = [];
  let refused = 0;
  const logged = serviceLog('queue-scaler', (line) => log.push(line));
  const depth = followDepth(
    { url, queue: 'payments', log: logged },
    (messages) => told.push(messages),
    () => (refused += 1),
  );
  let broker: Awaited<ReturnType<typeof startBroker>> | undefined;
  t.after(async () => {
    await depth.stop();
    await broker?.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const waitingFor = (reason: RegExp) =>
    eventually(`it says ${reason}`, () => (log.some((line) => reason.test(line)) ? true : undefined));
  const isTold = (messages: number) =>
    eventually(`${messages} are told`, () => (told.at(-1) === messages ? true : undefined));

  await waitingFor(/ECONNREFUSED/);
  broker = await startBroker(folder, environment);
  await waitingFor(/NOT_FOUND|404/);
  const connection = await connect(url);
  const channel = await connection.createConfirmChannel();
  await channel.assertQueue('payments', { durable: true });
  for (let message = 0; message < 120; message += 1) {
    channel.sendToQueue('payments', Buffer.from('{}'), { persistent: true });
  }
  await channel.waitForConfirms();
  await isTold(120);
  await connection.close();

  await broker.stop();
  told.length = 0;
  broker = await startBroker(folder, environment);
  await isTold(120);
  assert.equal(refused, 0);
  assert.ok(
    told.every((messages) => messages === 120),
    'while it was away nothing was told',
  );
});

test('a broker that does not take the credentials is told of', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'queue-depth-'));
  const broker = await startBroker(folder, { RABBITMQ_DEFAULT_USER: 'shop', RABBITMQ_DEFAULT_PASS: 'sea' });
  t.after(async () => {
    await broker.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const refused = Promise.withResolvers<void>();
  const url = broker.url.replace('sea', '$(RABBITMQ_PASSWORD)');
  const options = { url, queue: 'payments', log: serviceLog('queue-scaler', () => undefined) };
  const depth = followDepth(options, () => assert.fail('it was let in'), refused.resolve);
  await refused.promise;
  await depth.stop();
});

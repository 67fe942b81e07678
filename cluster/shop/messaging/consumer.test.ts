import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { connect } from 'amqplib';
import { readEnvironment } from '../service/environment.ts';
import { serviceLog } from '../service/log.ts';
import { startAckHold } from '../testing/ack-hold.ts';
import { eventually } from '../testing/eventually.ts';
import { startBroker } from '../testing/running-broker.ts';
import { consumerOf } from './consumer.ts';
import { deadQueue } from './topology.ts';

test('what was dealt with is not given up when its acknowledgement finds no connection', async (t) => {
  const broker = await startBroker();
  const hold = await startAckHold(broker.url);
  const said: string[] = [];
  const connection = await connect(broker.url);
  const channel = await connection.createConfirmChannel();
  let [handled, connected, givenUp] = [0, 0, 0];
  const consumer = consumerOf({
    queue: 'payments',
    environment: readEnvironment({ BROKER_URL: hold.url, DELIVERY: 'dead-letter' }),
    log: serviceLog('test', (line) => said.push(line)),
    whenConnected: () => Promise.resolve(void (connected += 1)),
    async handle() {
      handled += 1;
      if (handled > 1) return;
      // The connection breaks meanwhile, and there is another by the time that this is done.
      hold.break();
      await eventually('it is connected anew', () => connected > 1 || undefined);
    },
    onGivenUp: () => Promise.resolve(void (givenUp += 1)),
  });
  t.after(async () => {
    await consumer.stop();
    await consumer.broker.close();
    await connection.close();
    hold.close();
    await broker.stop();
  });
  await consumer.broker.begin();
  const lastAttempt = [{ queue: 'payments', reason: 'rejected', count: 4 }];
  const body = JSON.stringify({ orderId: randomUUID(), amountCents: 1 });
  const options = { type: 'order.accepted', headers: { 'x-death': lastAttempt } };
  channel.sendToQueue('payments', Buffer.from(body), options);
  await channel.waitForConfirms();
  await eventually('it is left to be delivered again, or given up', () => {
    return said.some((line) => /left to be delivered again|went to the dead-letter queue/.test(line)) || undefined;
  });
  await eventually('it has been delivered again', () => handled === 2 || undefined);
  assert.deepEqual([givenUp, (await channel.checkQueue(deadQueue('payments'))).messageCount], [0, 0]);
});

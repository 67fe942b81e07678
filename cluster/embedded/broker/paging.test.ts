import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { connect } from 'amqplib';
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

const megabytes = (bytes: number) => bytes * 2 ** 20;

for (const persistent of [true, false]) {
  test(`a queue of 60 MB of ${persistent ? 'persistent' : 'transient'} messages is kept in order, on the disk`, async () => {
    const connection = await connect(broker.url);
    const channel = await connection.createConfirmChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    const [count, body] = [960, Buffer.alloc(64 * 1024)];
    for (let i = 0; i < count; i++) {
      body.writeUInt32BE(i);
      channel.sendToQueue(queue, Buffer.from(body), { persistent });
      if (i % 100 === 99) await channel.waitForConfirms();
    }
    assert.equal((await channel.checkQueue(queue)).messageCount, count);
    if (process.platform === 'linux')
      assert.ok(residentBytes(broker.pid) < megabytes(200), `${residentBytes(broker.pid)} bytes`);
    await channel.prefetch(20);
    let next = 0;
    await new Promise<void>((resolve, reject) => {
      void channel.consume(queue, (message) => {
        if (message!.content.readUInt32BE() !== next++) reject(new Error(`out of order at ${next}`));
        channel.ack(message!);
        if (next === count) resolve();
      });
    });
    await connection.close();
  });
}

function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

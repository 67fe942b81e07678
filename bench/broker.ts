// `npm run bench:broker`: measures the embedded broker beside rabbitmq-server, where that is installed, and writes its part of docs/bench.md.
import { readFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'amqplib';
import { startBroker } from '../cluster/embedded/broker/testing/broker-process.ts';
import { noRabbitmq, startRabbitmq } from '../cluster/embedded/broker/testing/rabbitmq-server.ts';
import { figureTable, writeSection } from './document.ts';
import { row, type Figure } from './figure.ts';

const runs = 5;
const messages = 20_000;
const bodyBytes = 256;
/** Messages a publisher has out without their confirm, and a consumer without its ack. */
const unconfirmed = 500;
const prefetch = 200;

/** Persistent messages a second that are published, confirmed, delivered and acknowledged, all over one connection. */
async function throughput(url: string): Promise<number> {
  const connection = await connect(url);
  const [publisher, consumer] = [await connection.createConfirmChannel(), await connection.createChannel()];
  const { queue } = await publisher.assertQueue('bench', { durable: true });
  await consumer.prefetch(prefetch);
  const since = performance.now();
  await new Promise<void>((resolve, reject) => {
    let [sent, confirmed, consumed] = [0, 0, 0];
    const check = () => {
      if (confirmed === messages && consumed === messages) resolve();
    };
    const publish = () => {
      for (; sent < messages && sent - confirmed < unconfirmed; sent++) {
        publisher.sendToQueue(queue, Buffer.alloc(bodyBytes), { persistent: true }, (error) => {
          if (error) return reject(error as Error);
          confirmed++;
          check();
          publish();
        });
      }
    };
    consumer
      .consume(queue, (message) => {
        if (!message) return; // the queue is deleted when all is done
        consumer.ack(message);
        consumed++;
        check();
      })
      .catch(reject);
    publish();
  });
  const perSecond = messages / ((performance.now() - since) / 1000);
  await publisher.deleteQueue(queue);
  await connection.close();
  return perSecond;
}

/** Proportional set size, in MB: what it shares with other programs of Node counts once for all. */
function memory(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]) / 1024;
}

const folder = mkdtempSync(join(tmpdir(), 'breakwater-bench-'));
try {
  // The second start finds what the first has compiled, as in a cluster.
  await (await startBroker(join(folder, 'ours'))).stop();
  const ours = await startBroker(join(folder, 'ours'));
  const real = noRabbitmq === false ? await startRabbitmq(join(folder, 'rabbitmq')) : null;
  const seen = { ours: [] as number[], real: [] as number[], memory: [] as number[] };
  try {
    for (let run = 0; run <= runs; run++) {
      const own = await throughput(ours.url);
      const other = real && (await throughput(real.url));
      if (run === 0) continue; // warms both up
      seen.ours.push(own);
      if (other !== null) seen.real.push(other);
      if (process.platform === 'linux') seen.memory.push(memory(ours.pid));
    }
  } finally {
    await Promise.all([ours.stop(), real?.stop()]);
  }
  const what = `persistent messages of ${bodyBytes} bytes, published with confirms and consumed with acks over one connection`;
  const figures: Figure[] = [
    { what: `Embedded broker: ${what}`, unit: '/s', values: seen.ours },
    { what: `rabbitmq-server: the same`, unit: '/s', values: seen.real },
    {
      what: 'Embedded broker to rabbitmq-server',
      unit: 'times',
      values: seen.real.map((other, run) => seen.ours[run]! / other),
      wanted: '>= 0.5',
    },
    { what: 'Memory of the embedded broker after each run (PSS)', unit: 'MB', values: seen.memory, wanted: '<= 80 MB' },
  ].filter(({ values }) => values.length > 0);
  for (const figure of figures) process.stdout.write(`${row(figure)}\n`);
  writeSection('bench:broker', figureTable(figures));
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

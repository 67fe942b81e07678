import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBroker as startProcess } from '../../embedded/broker/testing/broker-process.ts';
import { freePort } from './free-port.ts';

export interface RunningBroker {
  url: string;
  kill(): Promise<void>;
  /** Starts it again, with what it had on its disk. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** The broker of the embedded cluster, for a test's own. */
export async function startBroker(): Promise<RunningBroker> {
  const folder = await mkdtemp(join(tmpdir(), 'shop-broker-'));
  const environment = { RABBITMQ_NODE_PORT: String(await freePort()) };
  let broker = await startProcess(folder, environment);
  return {
    url: broker.url,
    kill: () => broker.kill(),
    async start() {
      broker = await startProcess(folder, environment);
    },
    async stop() {
      await broker.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { startBroker, type BrokerProcess } from '../testing/broker-process.ts';
import { brokerSuite } from './suite.ts';

const folder = mkdtempSync(join(tmpdir(), 'broker-'));
let broker: BrokerProcess;
before(async () => {
  broker = await startBroker(folder);
});
after(async () => {
  await broker.stop();
  rmSync(folder, { recursive: true, force: true });
});

await brokerSuite('the embedded broker', () => broker.url);

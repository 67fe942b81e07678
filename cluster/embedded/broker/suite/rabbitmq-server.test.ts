import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { noRabbitmq, startRabbitmq, type RabbitmqServer } from '../testing/rabbitmq-server.ts';
import { brokerSuite } from './suite.ts';

if (noRabbitmq) {
  test('the suite passes against RabbitMQ itself', { skip: noRabbitmq }, () => {});
} else {
  const folder = mkdtempSync(join(tmpdir(), 'rabbitmq-'));
  let server: RabbitmqServer;
  before(async () => {
    server = await startRabbitmq(folder);
  });
  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  await brokerSuite('rabbitmq-server', () => server.url);
}

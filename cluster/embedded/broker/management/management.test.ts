import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { connect } from 'amqplib';
import { Broker } from '../broker.ts';
import { limits } from '../limits.ts';
import { until } from '../../testing/until.ts';
import { startManagement } from './management.ts';

const folder = mkdtempSync(join(tmpdir(), 'broker-'));
let free = 1_000;
const broker = await Broker.start({
  ...{ data: folder, port: 0, listenAt: '127.0.0.1', virtualHost: 'shop' },
  ...{ credentials: { user: 'shop', password: 'sesame' }, freeDisk: () => free },
});
const management = await startManagement(broker, 0, '127.0.0.1');
after(async () => {
  management.close();
  management.closeAllConnections();
  await broker.stop();
  rmSync(folder, { recursive: true, force: true });
});
const url = `amqp://shop:sesame@127.0.0.1:${broker.port}/shop`;

interface QueueView {
  name: string;
  messages: number;
  messages_ready: number;
  messages_unacknowledged: number;
  consumers: number;
  message_stats: Record<string, number>;
}

async function get<T>(path: string, login = 'shop:sesame', method = 'GET'): Promise<{ status: number; body: T }> {
  const { port } = management.address() as AddressInfo;
  const authorization = `Basic ${Buffer.from(login).toString('base64')}`;
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers: { authorization } });
  return { status: answer.status, body: (await answer.json()) as T };
}

test('a queue is shown with its messages, consumers and counters', async () => {
  const connection = await connect(url);
  const channel = await connection.createConfirmChannel();
  await channel.assertQueue('or/ders');
  for (let i = 0; i < 5; i++) channel.sendToQueue('or/ders', Buffer.from('x'), { persistent: true });
  channel.publish('', 'nobody', Buffer.from('x'));
  await channel.waitForConfirms();
  await channel.prefetch(2);
  let acknowledged = 0;
  await channel.consume('or/ders', (message) => {
    if (acknowledged++ === 0) channel.ack(message!);
  });
  const { body } = await until('one is acknowledged', async () => {
    const answer = await get<QueueView>('/api/queues/shop/or%2Fders');
    return answer.body.message_stats.ack === 1 && answer.body.message_stats.deliver === 3 && answer;
  });
  assert.deepEqual([body.messages, body.messages_ready, body.messages_unacknowledged, body.consumers], [4, 2, 2, 1]);
  assert.deepEqual([body.message_stats.publish, body.message_stats.deliver_get], [5, 3]);
  const all = await get<QueueView[]>('/api/queues');
  assert.deepEqual(
    all.body.map(({ name }) => name),
    ['or/ders'],
  );
  assert.deepEqual((await get<QueueView[]>('/api/queues/shop')).body, all.body);
  const { body: whole } = await get<Record<string, Record<string, number>>>('/api/overview');
  assert.deepEqual(whole.queue_totals, { messages: 4, messages_ready: 2, messages_unacknowledged: 2 });
  assert.equal(whole.object_totals!.connections, 1);
  const { publish, confirm, drop_unroutable } = whole.message_stats!;
  assert.deepEqual({ publish, confirm, drop_unroutable }, { publish: 6, confirm: 6, drop_unroutable: 1 });
  await connection.close();
});

test('it wants the password, only reads, and says what is not there', async () => {
  assert.equal((await get('/api/overview', 'shop:wrong')).status, 401);
  assert.equal((await get('/api/overview', '')).status, 401);
  assert.equal((await get('/api/queues/shop/or%2Fders', 'shop:sesame', 'DELETE')).status, 405);
  for (const path of ['/api/queues/shop/nowhere', '/api/queues/elsewhere', '/api/users', '/']) {
    assert.equal((await get(path)).status, 404, path);
  }
  assert.equal((await get('/api/queues/shop/%ff')).status, 400);
});

test('while the disk is full publishers wait, and the health check fails', async () => {
  const connection = await connect(url);
  const channel = await connection.createConfirmChannel();
  await channel.assertQueue('waiting');
  assert.equal((await get('/api/health/checks/alarms')).status, 200);
  free = limits.freeDiskMB - 1;
  await until('the alarm is on', async () => (await get('/api/health/checks/alarms')).status === 503);
  const blocked = new Promise((resolve) => connection.once('blocked', resolve));
  channel.sendToQueue('waiting', Buffer.from('1'));
  await blocked;
  channel.sendToQueue('waiting', Buffer.from('2'));
  free = 1_000;
  await channel.waitForConfirms();
  assert.equal((await get<{ status: string }>('/api/healthchecks/node')).body.status, 'ok');
  await connection.close();
});

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { until } from '../testing/until.ts';
import { Records } from './records.ts';
import { Webhooks } from './webhooks.ts';

test('an event whose end a full disk does not take is sent again, and ends no process', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'object-store-'));
  const records = new Records(folder);
  const came: string[] = [];
  const server = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => came.push(chunk.toString())).once('end', () => response.end());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const webhooks = new Webhooks([{ arn: 'a', endpoint, authToken: undefined, queueLimit: 10 }], records, () => {});
  t.after(() => {
    webhooks.close();
    server.close().closeAllConnections();
    records.close();
    rmSync(folder, { recursive: true });
  });
  const full = t.mock.method(records, 'deleteEvent', () => {
    full.mock.restore();
    throw new Error('database or disk is full');
  });
  webhooks.add('a', 'event');
  webhooks.wake();
  await until('nothing waits any more', () => records.waiting('a') === 0);
  assert.deepEqual(came, ['event', 'event']);
});

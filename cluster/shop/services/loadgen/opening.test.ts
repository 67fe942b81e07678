import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { it } from 'node:test';
import { httpClient } from '../../service/http-client.ts';
import { customers } from './customers.ts';
import { opening, untracedSend } from './opening.ts';

/** A gateway that answers orders with one status after the other, the last one for good. */
async function gatewayWith(statuses: number[]) {
  const received: { path: string | undefined; traceparent: string | undefined }[] = [];
  let orders = 0;
  const server = createServer(({ url, headers }, response) => {
    received.push({ path: url, traceparent: headers['traceparent'] as string | undefined });
    if (url === '/api/orders') response.statusCode = statuses[Math.min(orders++, statuses.length - 1)]!;
    response.end(url === '/api/login' ? '{"token":"t"}' : '{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const gateway = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    server,
    received,
    open: (atMostMs?: number) =>
      opening(
        customers('sea'),
        untracedSend(httpClient(), (path) => `${gateway}${path}`),
        atMostMs,
      ),
  };
}

it('waits until the shop takes an order, by calls that no trace shows', async (t) => {
  const { server, received, open } = await gatewayWith([503, 502, 201]);
  t.after(() => server.close().closeAllConnections());
  await open();
  const count = (path: string) => received.filter((call) => call.path === path).length;
  assert.deepEqual([count('/api/login'), count('/api/orders'), received.length], [100, 3, 103]);
  for (const { traceparent } of received) assert.match(traceparent!, /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
});

it('opens a shop that takes none all the same, after a while', async (t) => {
  const { server, received, open } = await gatewayWith([503]);
  t.after(() => server.close().closeAllConnections());
  await open(250);
  assert.ok(received.some(({ path }) => path === '/api/orders'));
});

it('asks again where nobody answers yet', async (t) => {
  const { server, open } = await gatewayWith([201]);
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  const opened = open();
  server.listen(port, '127.0.0.1');
  t.after(() => server.close().closeAllConnections());
  await opened;
});

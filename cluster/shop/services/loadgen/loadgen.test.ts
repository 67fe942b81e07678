import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import { eventually } from '../../testing/eventually.ts';
import { freePort } from '../../testing/free-port.ts';
import { startService, type RunningService } from '../../testing/running-service.ts';

describe('the load generator', () => {
  let loadgen: RunningService;
  let gateway: Server;
  let admin: string;
  let port: number;
  /** Requests as they came in, and whether they are answered. */
  let received: { path: string; authorization: string | undefined }[] = [];
  let answering = true;

  function listen(): Promise<unknown> {
    gateway = createServer(({ method, url, headers }, response) => {
      received.push({ path: `${method} ${url}`, authorization: headers.authorization });
      if (!answering) return;
      response.setHeader('content-type', 'application/json');
      response.statusCode = url === '/api/orders' ? 201 : 200;
      response.end(url === '/api/login' ? '{"token":"t"}' : '{}');
    });
    gateway.listen(port, '127.0.0.1');
    return once(gateway, 'listening');
  }

  before(async () => {
    port = await freePort();
    await listen();
    const adminPort = await freePort();
    admin = `http://127.0.0.1:${adminPort}/rate`;
    loadgen = await startService('loadgen', {
      port: await freePort(),
      environment: {
        GATEWAY_URL: `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`,
        ADMIN_PORT: String(adminPort),
        CUSTOMER_PASSWORD: 'sea',
        MAX_OPEN_REQUESTS: '20',
      },
    });
  });
  after(async () => {
    await loadgen?.stop();
    gateway.closeAllConnections();
    gateway.close();
  });
  beforeEach(async () => {
    await setRate(0);
    received = [];
    answering = true;
  });

  async function setRate(rate: unknown): Promise<Response> {
    return fetch(admin, { method: 'PUT', body: JSON.stringify({ rate }) });
  }

  async function report(): Promise<{ rate: number; max: number; open: number; dropped: number }> {
    return (await (await fetch(admin)).json()) as { rate: number; max: number; open: number; dropped: number };
  }

  it('sends at the rate it is told, never ahead of the schedule', async () => {
    const start = performance.now();
    await setRate(100);
    const neverAhead = () => {
      const due = ((performance.now() - start) / 1_000) * 100;
      assert.ok(received.length <= due, `${received.length} requests where at most ${due} were due`);
    };
    await eventually('two seconds of requests', () => received.length >= 200 || undefined, 30_000, neverAhead);
    assert.ok(performance.now() - start >= 2_000);
  });

  it('browses two times of three and orders once, as customers who log in', async () => {
    await setRate(200);
    const orders = await eventually('orders after logins', () => {
      const found = received.filter(({ path }) => path === 'POST /api/orders');
      return found.length >= 30 ? found : undefined;
    });
    assert.ok(orders.every(({ authorization }) => authorization === 'Bearer t'));
    const share = (begin: string) => received.filter(({ path }) => path.startsWith(begin)).length / received.length;
    assert.ok(Math.abs(share('GET /api/products') - 0.6) < 0.07, `${share('GET /api/products')} look at products`);
    assert.ok(Math.abs(share('POST /api/orders') - 1 / 3) < 0.07, `${share('POST /api/orders')} order`);
    assert.ok(share('POST /api/login') > 0 && share('GET /api/users/me') > 0, 'some come back');
  });

  it('goes on when the shop is away, and when it is back', async () => {
    await setRate(50);
    await eventually('requests', () => received.length > 5 || undefined);
    gateway.closeAllConnections();
    gateway.close();
    await once(gateway, 'close');
    received = [];
    await listen();
    await eventually('requests again', () => received.length > 5 || undefined);
    assert.equal(loadgen.process.exitCode, null);
  });

  it('bounds how many requests are open, and counts those it leaves out', async () => {
    answering = false;
    const { dropped: before } = await report();
    await setRate(200);
    const { open } = await eventually('some were left out', async () => {
      const now = await report();
      return now.dropped >= before + 20 ? now : undefined;
    });
    assert.deepEqual([open, received.length], [20, 20]);
    answering = true;
    gateway.closeAllConnections();
    await eventually('more once these are gone', () => received.length > 25 || undefined);
  });

  it('refuses a rate that is none, and keeps the one it has', async () => {
    await setRate(5);
    for (const wrong of [-1, 501, 'fast', null]) assert.equal((await setRate(wrong)).status, 400, String(wrong));
    const { rate, max } = await report();
    assert.deepEqual([rate, max], [5, 500]);
  });
});

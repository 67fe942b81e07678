import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { SignJWT } from 'jose';
import { eventually } from '../../testing/eventually.ts';
import { freePort } from '../../testing/free-port.ts';
import { startService } from '../../testing/running-service.ts';

const JWT_SECRET = 'test-secret-of-at-least-32-characters';
/** Requests that the abuser has under way, or is told to come back with. */
const atOnce = 120;

const tokenOf = (customer: string) =>
  new SignJWT()
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(customer)
    .setIssuer('auth')
    .setAudience('shop')
    .setExpirationTime('1 h')
    .sign(new TextEncoder().encode(JWT_SECRET));

test('a customer who asks without end takes the shop from the others, and with a limit only from themselves', async (t) => {
  // A catalog with room for 80 requests a second.
  let asked = 0;
  const catalog = createServer((_request, response) => {
    asked += 1;
    setTimeout(() => response.end('{"products":[]}'), 50);
  });
  catalog.keepAliveTimeout = 65_000; // as the services have it
  await once(catalog.listen(0, '127.0.0.1'), 'listening');
  t.after(() => catalog.close().closeAllConnections());
  const CATALOG_URL = `http://127.0.0.1:${(catalog.address() as AddressInfo).port}`;
  const nowhere = 'http://127.0.0.1:9';

  /** How long each of the others' requests takes, in ms, while one customer has many under way. All of them are answered. */
  async function othersWait(RATE_LIMIT: string): Promise<number[]> {
    const gateway = await startService('gateway', {
      port: await freePort(),
      environment: {
        ...{ JWT_SECRET, CATALOG_URL, AUTH_URL: nowhere, USERS_URL: nowhere, ORDERS_URL: nowhere },
        ...{ UPSTREAM_CONNECTIONS: '4', RATE_LIMIT, RATE_LIMIT_REQUESTS: '20', RATE_LIMIT_SECONDS: '60' },
      },
    });
    const ask = async (token: string, signal?: AbortSignal) => {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await fetch(`${gateway.url}/api/products`, { headers, signal: signal ?? null });
      await answer.arrayBuffer();
      return answer.status;
    };
    const enough = new AbortController();
    const before = asked;
    let turnedAway = 0;
    const abuser = await tokenOf('abuser');
    const abuse = Array.from({ length: atOnce }, async () => {
      while (!enough.signal.aborted) {
        const status = await ask(abuser, enough.signal).catch(() => undefined);
        if (status !== 429) continue;
        turnedAway += 1;
        // As many requests a second as the catalog lets through without a limit: both ways this machine has the same to do.
        await delay(1_250, undefined, { signal: enough.signal }).catch(() => undefined);
      }
    });
    await eventually('the abuse has begun', () => asked + turnedAway >= before + atOnce || undefined, 60_000);
    const waits: number[] = [];
    const others = Array.from({ length: 5 }, async (_, i) => {
      const token = await tokenOf(`customer-${i}`);
      for (let turn = 0; turn < 4; turn++) {
        const since = performance.now();
        assert.equal(await ask(token), 200);
        waits.push(performance.now() - since);
      }
    });
    await Promise.all(others);
    enough.abort();
    await Promise.all(abuse);
    await gateway.stop();
    return waits.toSorted((a, b) => a - b);
  }

  const [without, with_] = [await othersWait('off'), await othersWait('per-client')];
  const [longest, shortest] = [with_.at(-5)!, without.at(4)!].map(Math.round) as [number, number];
  t.diagnostic(`16 of 20 waited at least ${shortest} ms without a limit, and at most ${longest} ms with it`);
  assert.ok(shortest >= 4 * longest, `at least ${shortest} ms without a limit, at most ${longest} ms with it`);
});

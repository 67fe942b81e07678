import assert from 'node:assert/strict';
import fc from 'fast-check';
import { deploymentOf, podOf } from '../objects.ts';
import { openTestServer, type TestServer } from '../test-server.ts';
import { exchange } from './exchange.ts';
import { assertNothingLeft, idleResources, type Resources } from './leftovers.ts';
import { mutatedRequest } from './mutations.ts';

/** Requests at once: one that waits for more than was sent must not hold up the others. */
const atOnce = 16;
/** What is full, not there, or not to be had says so; everything else above is a fault of ours. */
const honest = [501, 503, 504, 507];

/** After so many, everything is there that stays: code, caches, sessions of TLS. */
const warmUp = 64;

/** What came of a run. */
export interface FuzzResult {
  /** How many answers had which status; 0 counts connections that were closed without one. */
  statuses: Map<number, number>;
  /** By how much the heap is larger than early in the run; MiB. */
  grown: number;
}

/**
 * Sends mutated requests to an API server of their own, many at once.
 *
 * @throws AssertionError for an answer of 500, one that is no Status, a hang, a server that answers no more, and for what is left of them
 */
export async function fuzz(runs: number, seed: number): Promise<FuzzResult> {
  const server = await openTestServer();
  const statuses = new Map<number, number>();
  let early: Resources | undefined;
  try {
    const { host, port } = new URL(server.url);
    const ca = Buffer.from(server.config.getCurrentCluster()!.caData!, 'base64');
    const requests = fc.sample(mutatedRequest(host, server.config.getCurrentUser()!.token!), { numRuns: runs, seed });
    for (let sent = 0; sent < requests.length; sent += atOnce) {
      await refill(server);
      if (sent >= warmUp) early ??= await idleResources();
      await Promise.all(
        requests.slice(sent, sent + atOnce).map(async (request) => {
          const { status, text } = await exchange(Number(port), ca, request);
          const sent = request.toString('latin1').replace(/a{100,}/g, 'aaa...');
          const what = `${text.slice(0, 1000)}\nto\n${sent.slice(0, 3000)}`;
          assert.ok(status === null || status < 500 || honest.includes(status), `answered ${what}`);
          if (status !== null && status >= 400) assertStatus(text, what);
          statuses.set(status ?? 0, (statuses.get(status ?? 0) ?? 0) + 1);
        }),
      );
    }
    await assertWorks(server);
    return { statuses, grown: early ? await assertNothingLeft(early) : 0 };
  } finally {
    await server.close();
  }
}

/** Every refusal is a Status that says why; what is no HTTP is refused by Node's parser, before us. */
function assertStatus(text: string, what: string): void {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const length = Number(/^content-length: (\d+)/im.exec(head)?.[1]);
  const body = rest.join('\r\n\r\n').slice(0, length);
  // Of several requests in one, only the last may have been refused; and a HEAD is answered without a body.
  if (
    !/^HTTP\/1\.1 [45]/.test(head) ||
    /^Connection: close$/m.test(head) ||
    body === '' ||
    body.startsWith('HTTP/1.1 ')
  )
    return;
  const status = JSON.parse(body) as { kind: string; message?: string; reason?: string };
  assert.equal(status.kind, 'Status', what);
  assert.ok(status.message, what);
  assert.ok(status.reason, what);
}

/** What the requests are about is there again, whatever the last ones did to it. */
async function refill(server: TestServer): Promise<void> {
  const core = '/api/v1/namespaces/shop';
  await server.send('POST', '/api/v1/namespaces', { metadata: { name: 'shop' } });
  await server.send('POST', `${core}/configmaps`, { metadata: { name: 'colors' }, data: { sky: 'blue' } });
  await server.send('POST', `${core}/pods`, podOf('web'));
  await server.send('POST', '/apis/apps/v1/namespaces/shop/deployments', deploymentOf('web'));
}

/** A whole life of an object, and its watch. */
async function assertWorks(server: TestServer): Promise<void> {
  await server.send('POST', '/api/v1/namespaces', { metadata: { name: 'after' } });
  const path = '/api/v1/namespaces/after/configmaps';
  assert.equal((await server.send('POST', path, { metadata: { name: 'works' } })).status, 201);
  const watch = await server.send('GET', `${path}?watch=1&timeoutSeconds=1`);
  assert.equal((JSON.parse(watch.text) as { type: string }).type, 'ADDED');
  assert.equal((await server.send('DELETE', `${path}/works`)).status, 200);
}

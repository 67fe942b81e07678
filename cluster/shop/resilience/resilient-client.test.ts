import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { readEnvironment, EnvironmentError } from '../service/environment.ts';
import { httpClient } from '../service/http-client.ts';
import { serviceLog } from '../service/log.ts';
import { eventually } from '../testing/eventually.ts';
import { BulkheadFull } from './bulkhead.ts';
import { CircuitOpen } from './circuit-open.ts';
import { edgeSettings } from './edge-settings.ts';
import { resilientClient } from './resilient-client.ts';
import { TimeLimitReached } from './time-limit.ts';

describe('the policies of an edge', () => {
  let server: Server;
  /** Requests that came, with their paths. */
  let asked: string[] = [];
  /** What the server does with a request: a status, or null for no answer. */
  let answer: (path: string) => number | null = () => 200;
  before(async () => {
    server = createServer((request, response) => {
      asked.push(request.url!);
      const status = answer(request.url!);
      if (status === null) return;
      response.statusCode = status;
      response.end(`answer ${asked.length}`);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    asked = [];
    answer = () => 200;
  });

  const client = (variables: Record<string, string>) =>
    resilientClient(
      httpClient(),
      'web>bank',
      edgeSettings(readEnvironment(variables), 'bank'),
      serviceLog('web', () => {}),
    );
  const get = (http: ReturnType<typeof client>, path = '/', signal?: AbortSignal) => {
    const { port } = server.address() as AddressInfo;
    return http({ method: 'GET', url: `http://127.0.0.1:${port}${path}`, ...(signal && { signal }) });
  };

  it('without any, a failed answer is an answer, asked for once', async () => {
    answer = () => 503;
    assert.equal((await get(client({}))).status, 503);
    assert.equal(asked.length, 1);
  });

  it('a failed answer is repeated, and the last one is what the caller gets', async () => {
    answer = () => 503;
    const http = client({ BANK_RETRIES: 'naive' });
    assert.equal((await get(http)).body.toString(), 'answer 4');
  });

  it('what was asked wrongly is not repeated', async () => {
    answer = () => 422;
    assert.equal((await get(client({ BANK_RETRIES: 'naive' }))).status, 422);
    assert.equal(asked.length, 1);
  });

  it('a caller who has left repeats nothing', async () => {
    answer = () => null;
    const leaving = new AbortController();
    const call = get(client({ BANK_RETRIES: 'naive' }), '/', leaving.signal);
    await eventually('it was asked', () => asked.length === 1 || undefined);
    leaving.abort(new Error('left'));
    await assert.rejects(call, /left/);
    assert.equal(asked.length, 1);
  });

  it('a budget keeps failing calls from multiplying', async () => {
    answer = () => 503;
    const calls = 100;
    const load = async (variables: Record<string, string>) => {
      asked = [];
      const http = client({ BANK_RETRIES: 'naive', ...variables });
      for (let call = 0; call < calls; call += 1) await get(http);
      return asked.length / calls;
    };
    assert.equal(await load({}), 4);
    assert.ok((await load({ BANK_RETRY_BUDGET_PERCENT: '10' })) <= 1.2);
  });

  it('a time limit gives each attempt up, and says so', async () => {
    answer = () => null;
    await assert.rejects(get(client({ BANK_TIMEOUT_MS: '50', BANK_RETRIES: 'naive' })), TimeLimitReached);
    assert.equal(asked.length, 4);
  });

  it('a bulkhead turns away what is more than its places and its queue', async () => {
    answer = () => null;
    const http = client({ BANK_BULKHEAD: '2', BANK_BULKHEAD_QUEUE: '1' });
    const leaving = new AbortController();
    const calls = [1, 2, 3].map(() => get(http, '/', leaving.signal));
    const ended = Promise.allSettled(calls);
    await eventually('two are under way', () => asked.length === 2 || undefined);
    await assert.rejects(get(http), BulkheadFull);
    leaving.abort(new Error('left'));
    await ended;
    assert.equal(asked.length, 2);
  });

  it('a breaker that is open ends the repeats', async () => {
    answer = () => 503;
    const http = client({ BANK_BREAKER: 'library', BANK_BREAKER_VOLUME: '2', BANK_RETRIES: 'naive' });
    await assert.rejects(get(http), CircuitOpen);
    assert.equal(asked.length, 2);
  });

  it('a breaker opens behind a bulkhead that is full: what found no place was no call', async () => {
    answer = () => null;
    const http = client({
      ...{ BANK_BREAKER: 'library', BANK_BREAKER_VOLUME: '4', BANK_TIMEOUT_MS: '50' },
      ...{ BANK_BULKHEAD: '2', BANK_BULKHEAD_QUEUE: '0' },
    });
    const codes = [];
    for (let round = 0; round < 3; round += 1) {
      const ended = await Promise.allSettled(Array.from({ length: 10 }, () => get(http)));
      codes.push(ended.map((each) => (each as PromiseRejectedResult).reason.code as string));
    }
    assert.equal(codes[0]!.filter((code) => code === 'bulkhead_full').length, 8);
    assert.deepEqual(new Set(codes[2]), new Set(['circuit_open', 'bulkhead_full']));
    assert.equal(asked.length, 4);
  });

  it('a probe whose caller left does not close the breaker', async () => {
    answer = () => 503;
    const http = client({ BANK_BREAKER: 'library', BANK_BREAKER_VOLUME: '2', BANK_BREAKER_RESET_MS: '500' });
    for (let call = 0; call < 2; call += 1) await get(http);
    await assert.rejects(get(http), CircuitOpen);
    answer = () => null;
    const leaving = new AbortController();
    const probe = await eventually('a probe is let through', async () => {
      const call = get(http, '/probe', leaving.signal);
      call.catch(() => undefined);
      await delay(20);
      return asked.includes('/probe') ? { call } : undefined;
    });
    leaving.abort(new Error('left'));
    await assert.rejects(probe.call, /left/);
    answer = () => 200;
    await assert.rejects(get(http), CircuitOpen);
  });

  it('the last good answer stands in for a failed one, to the same question', async () => {
    const http = client({ BANK_FALLBACK: 'cached' });
    assert.equal((await get(http, '/a')).body.toString(), 'answer 1');
    answer = () => 503;
    assert.equal((await get(http, '/a')).body.toString(), 'answer 1');
    assert.equal((await get(http, '/b')).status, 503);
  });

  it('a value that is none ends the start, naming variable and choices', () => {
    const wrong = () => client({ BANK_RETRIES: 'often' });
    assert.throws(
      wrong,
      (error: Error) => error instanceof EnvironmentError && /BANK_RETRIES.*none or naive/.test(error.message),
    );
    assert.throws(() => client({ BANK_RETRY_BUDGET_PERCENT: '0' }), /BANK_RETRY_BUDGET_PERCENT.*from 1 to 100/);
  });

  it('a stand-in is what the same caller was answered, and nobody else', async () => {
    const http = client({ BANK_FALLBACK: 'cached' });
    const { port } = server.address() as AddressInfo;
    const getAs = (customer: string) =>
      http({ method: 'GET', url: `http://127.0.0.1:${port}/me`, headers: { 'x-customer-id': customer } });
    const { body } = await getAs('a');
    answer = () => 503;
    assert.deepEqual((await getAs('a')).body, body);
    assert.equal((await getAs('b')).status, 503);
  });
});

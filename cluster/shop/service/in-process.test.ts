import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { requestBody } from './body.ts';
import { withCorrelation } from './correlation.ts';
import { Failure } from './failure.ts';
import { httpClient, NoAnswer, type HttpClient } from './http-client.ts';
import { inProcessClient } from './in-process.ts';
import { serviceLog } from './log.ts';
import { callerGone, newRoutes, type Routes } from './routes.ts';

const url = 'http://stock:8080';
const nowhere: HttpClient = ({ url }) => Promise.reject(new Error(`${url} is called elsewhere`));
const lines: string[] = [];
const log = serviceLog('stock', (line) => lines.push(line));

/** A client of one module with these routes. */
function clientOf(add: (routes: Routes) => void, elsewhere = nowhere): HttpClient {
  const routes = newRoutes(log, { isLogged: false });
  add(routes);
  return inProcessClient(new Map([[url, { name: 'stock', routes }]]), elsewhere);
}

describe('a call of a module in the same process', () => {
  it('has method, path, headers and body on the way there, and status, headers and body on the way back', async () => {
    const call = clientOf((routes) => {
      routes.post('/items/:id', async (c) => {
        const said = ['idempotency-key', 'traceparent', 'content-type', 'x-correlation-id'].map((name) =>
          c.req.header(name),
        );
        const body = (await requestBody(c)).toString();
        return c.json({ id: c.req.param('id'), query: c.req.query('q'), said, body }, 202, { 'retry-after': '3' });
      });
    });
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const headers = { 'Idempotency-Key': 'k1', traceparent };
    const answer = await withCorrelation('find-me', () =>
      call({ method: 'POST', url: `${url}/items/7?q=x`, headers, json: { a: 1 } }),
    );
    assert.equal(answer.status, 202);
    assert.equal(answer.headers['retry-after'], '3');
    assert.equal(answer.headers['x-correlation-id'], 'find-me');
    assert.deepEqual(JSON.parse(answer.body.toString()), {
      ...{ id: '7', query: 'x', body: '{"a":1}' },
      said: ['k1', traceparent, 'application/json', 'find-me'],
    });
    const bytes = await call({ method: 'POST', url: `${url}/items/7`, body: Buffer.from('raw') });
    assert.equal((JSON.parse(bytes.body.toString()) as { body: string }).body, 'raw');
  });

  it('is answered as over the network by what a module refuses, does not know, and fails at', async () => {
    const call = clientOf((routes) => {
      routes.get('/refused', () => {
        throw new Failure(409, 'out-of-stock', 'There is none left.');
      });
      routes.get('/broken', () => {
        throw new TypeError('a mistake');
      });
      routes.post('/read', async (c) => c.json({ bytes: (await requestBody(c)).length }));
    });
    const answerOf = async (path: string, body?: Uint8Array) => {
      const answer = await call({ method: body ? 'POST' : 'GET', url: url + path, ...(body && { body }) });
      return [answer.status, (JSON.parse(answer.body.toString()) as { error: { code: string } }).error.code];
    };
    assert.deepEqual(await answerOf('/refused'), [409, 'out-of-stock']);
    assert.deepEqual(await answerOf('/broken'), [500, 'internal']);
    assert.deepEqual(await answerOf('/nowhere'), [404, 'no-such-route']);
    assert.deepEqual(await answerOf('/read', Buffer.alloc(100_000)), [413, 'body-too-large']);
    assert.ok(lines.some((line) => line.includes('a mistake')));
  });

  it('ends for a caller who gives up with their reason, at once, and the module is told', async () => {
    const gone = Promise.withResolvers<unknown>();
    const call = clientOf((routes) => {
      routes.get('/slow', async (c) => {
        const signal = callerGone(c);
        await once(signal, 'abort');
        gone.resolve(signal.reason);
        return new Promise<Response>(() => undefined); // it never answers
      });
    });
    const patience = new AbortController();
    const answer = call({ method: 'GET', url: `${url}/slow`, signal: patience.signal });
    const reason = new Error('too late');
    setImmediate(() => patience.abort(reason));
    await assert.rejects(answer, (error) => error === reason);
    assert.equal(((await gone.promise) as { code: string }).code, 'caller-gone');
    await assert.rejects(
      call({ method: 'GET', url: `${url}/slow`, signal: patience.signal }),
      (error) => error === reason,
    );
  });

  it('tells no module that its caller is gone who has the answer', async () => {
    const signals: AbortSignal[] = [];
    const call = clientOf((routes) => routes.get('/', (c) => (signals.push(callerGone(c)), c.text('here'))));
    const patience = new AbortController();
    await call({ method: 'GET', url: `${url}/`, signal: patience.signal });
    patience.abort();
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [false],
    );
  });

  it('keeps calls that are under way at the same time apart', async () => {
    const call = clientOf((routes) => {
      routes.post('/echo', async (c) => {
        const body = await requestBody(c);
        await new Promise(setImmediate);
        return c.body(new Uint8Array(body));
      });
    });
    const sent = Array.from({ length: 200 }, (_, index) => `number ${index}`);
    const answers = await Promise.all(sent.map((text) => call({ method: 'POST', url: `${url}/echo`, json: text })));
    assert.deepEqual(
      answers.map(({ body }) => JSON.parse(body.toString()) as string),
      sent,
    );
  });

  it('goes over the network to whoever is no module', async () => {
    const bank = createServer((_request, response) => response.end('from afar')).listen(0, '127.0.0.1');
    await once(bank, 'listening');
    const call = clientOf(() => undefined, httpClient());
    const { port } = bank.address() as AddressInfo;
    const answer = await call({ method: 'GET', url: `http://127.0.0.1:${port}/` });
    assert.equal(answer.body.toString(), 'from afar');
    bank.closeAllConnections();
    bank.close();
    await assert.rejects(call({ method: 'GET', url: `http://127.0.0.1:${port}/` }), NoAnswer);
  });
});

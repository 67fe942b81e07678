import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { ApiError, request } from './api.ts';

async function serve(context: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  context.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('an answer is parsed and a body is sent as JSON', async (context) => {
  const url = await serve(context, ({ method, headers }, outgoing) => {
    outgoing.end(JSON.stringify({ method, type: headers['content-type'], length: headers['content-length'] }));
  });
  assert.deepEqual(await request('PUT', `${url}/api/load`, { rate: 60 }), {
    method: 'PUT',
    type: 'application/json',
    length: String('{"rate":60}'.length),
  });
});

test('a refusal carries the code, the message and the action of the server', async (context) => {
  const error = { code: 'unknown-pattern', message: 'There is no pattern x.', action: 'See GET /api/patterns.' };
  const url = await serve(context, (_, outgoing) => outgoing.writeHead(404).end(JSON.stringify({ error })));
  await assert.rejects(request('GET', url), (thrown: ApiError) => {
    assert.ok(thrown instanceof ApiError);
    assert.deepEqual({ code: thrown.code, message: thrown.message, action: thrown.action }, error);
    return true;
  });
});

test('an answer that is not JSON says so', async (context) => {
  const url = await serve(context, (_, outgoing) => outgoing.writeHead(502).end('<html>'));
  await assert.rejects(request('GET', url), { code: 'not-json' });
});

test('a server that is gone is an ApiError with its cause', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  await assert.rejects(request('GET', `http://127.0.0.1:${port}/`), (thrown: ApiError) => {
    assert.equal(thrown.code, 'no-answer');
    assert.ok(thrown.cause);
    return true;
  });
});

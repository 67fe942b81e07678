import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { CodedError } from '../../errors.ts';
import { AccessCode, accessCode } from './access-code.ts';
import { Door } from './door.ts';

const code = new AccessCode('k7f3-9qmx-2bdt');
const door = new Door({ hosts: ['lab.example'], namespaces: ['shop'], code });
const server = createServer((request, response) => {
  try {
    if (!door.receive(request, response)) response.end('inside');
  } catch (error) {
    response.writeHead(error instanceof CodedError ? error.status : 500).end((error as CodedError).code);
  }
});

before(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
after(() => server.close());

interface Asked {
  method?: string;
  path?: string;
  headers: Record<string, string>;
}

function ask({ method = 'GET', path = '/', headers }: Asked) {
  const { port } = server.address() as AddressInfo;
  return new Promise<{ status: number; headers: IncomingHttpHeaders; body: string }>((resolve, reject) => {
    const request = httpRequest({ port, host: '127.0.0.1', method, path, headers, agent: false });
    request.once('error', reject);
    request.once('response', (response) => {
      const { statusCode: status = 0, headers } = response;
      text(response).then((body) => resolve({ status, headers, body }), reject);
    });
    request.end();
  });
}

const elsewhere = { host: 'lab.example' };

test('who is on this machine and calls it by a name of its own needs no code', async () => {
  for (const host of ['localhost:4000', '127.0.0.1', '[::1]:4000']) {
    assert.equal((await ask({ headers: { host } })).body, 'inside', host);
  }
});

test('under another name nobody comes in without the code', async () => {
  const refused = await ask({ path: '/api/load', headers: elsewhere });
  assert.deepEqual([refused.status, refused.body], [401, 'access-code-needed']);
  for (const headers of [
    { ...elsewhere, authorization: 'Bearer k7f3-9qmx-2bdu' },
    { ...elsewhere, cookie: 'breakwater-access=k7f3-9qmx-2bdt' },
    { ...elsewhere, cookie: 'breakwater-access=' },
  ]) {
    assert.equal((await ask({ headers })).status, 401);
  }
});

test('the code in the URL becomes a cookie, and leaves the URL', async () => {
  const entered = await ask({ path: '/labs/04-circuit-breaker?tab=traces&code=K7F3-9qmx-2bdt', headers: elsewhere });
  assert.deepEqual([entered.status, entered.headers.location], [303, '/labs/04-circuit-breaker?tab=traces']);
  const [cookie = ''] = entered.headers['set-cookie'] ?? [];
  assert.match(cookie, /HttpOnly; SameSite=Lax$/);
  assert.ok(!cookie.includes(code.text), 'the cookie is not the code');
  const inside = await ask({ headers: { ...elsewhere, cookie: `theme=dark; ${cookie.split(';')[0]}` } });
  assert.equal(inside.body, 'inside');
});

test('a redirect stays on this server, whatever the path', async () => {
  const entered = await ask({ path: '//evil.example/?code=k7f3-9qmx-2bdt', headers: elsewhere });
  assert.equal(entered.headers.location, '/evil.example/');
});

test('programs send the code as a bearer token', async () => {
  const headers = { ...elsewhere, authorization: 'Bearer k7f3-9qmx-2bdt' };
  assert.equal((await ask({ method: 'PUT', path: '/api/load', headers })).body, 'inside');
});

test('a browser without the code is asked for it, and told when it was wrong', async () => {
  const html = { ...elsewhere, accept: 'text/html,*/*' };
  const asked = await ask({ headers: html });
  assert.equal(asked.status, 401);
  assert.match(asked.body, /name="code"/);
  assert.doesNotMatch(asked.body, /not the code/);
  const wrong = await ask({ path: '/?code=<script>', headers: html });
  assert.equal(wrong.status, 401);
  assert.match(wrong.body, /not the code/);
  assert.doesNotMatch(wrong.body, /<script>/);
});

test('telemetry comes under the names of its Service, without a code from this machine, and never from a page', async () => {
  const path = '/v1/traces';
  const names = ['telemetry:4318', 'telemetry.shop.svc:4318', 'telemetry.shop.svc.cluster.local'];
  for (const host of [...names, 'log-store:4318', 'log-store.shop.svc', 'localhost']) {
    assert.equal((await ask({ method: 'POST', path, headers: { host } })).body, 'inside', host);
  }
  for (const host of ['telemetry.evil', 'telemetry.shop', 'telemetry.evil.svc', 'telemetry.evil.example']) {
    assert.equal((await ask({ method: 'POST', path, headers: { host } })).body, 'host-not-allowed', host);
  }
  for (const origin of ['http://telemetry:4318', 'http://localhost:4000', 'null']) {
    const headers = { host: 'localhost:4000', origin };
    assert.equal((await ask({ method: 'POST', path, headers })).body, 'origin-not-allowed', origin);
  }
  assert.equal((await ask({ path: '/api/load', headers: { host: 'telemetry:4318' } })).body, 'host-not-allowed');
});

test('telemetry that a proxy on this machine passes on needs the code, as all that comes from elsewhere', async () => {
  const request = { method: 'POST', path: '/v1/traces' };
  assert.equal((await ask({ ...request, headers: elsewhere })).body, 'access-code-needed');
  const headers = { ...elsewhere, authorization: 'Bearer k7f3-9qmx-2bdt' };
  assert.equal((await ask({ ...request, headers })).body, 'inside');
});

test('a state folder keeps its code, for its owner alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'access-code-'));
  try {
    const path = join(folder, 'home', 'access-code');
    const first = accessCode(path);
    assert.match(first.text, /^[2-9a-z]{4}(-[2-9a-z]{4}){2}$/);
    assert.equal(accessCode(path).text, first.text);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    writeFileSync(path, '');
    assert.notEqual(accessCode(path).text, first.text, 'a half-written one is replaced');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

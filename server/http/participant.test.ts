import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startApi } from './testing/api-server.ts';

let api: Awaited<ReturnType<typeof startApi>>;
before(async () => void (api = await startApi()));
after(() => api.close());

const lab = '/api/labs/04-circuit-breaker';
const cookieOf = (headers: { 'set-cookie'?: string[] | undefined }) => headers['set-cookie']?.[0]?.split(';')[0];

test('a browser that comes for the first time is given a name, of which scripts of a page learn nothing', async () => {
  const { headers } = await api.ask('GET', '/');
  assert.match(
    headers['set-cookie']![0]!,
    /^breakwater-participant=[A-Za-z0-9_-]{22}; Path=\/; Max-Age=15552000; HttpOnly; SameSite=Lax$/,
  );
  const again = await api.ask('GET', '/', undefined, { cookie: `other=1; ${cookieOf(headers)}` });
  assert.equal(again.headers['set-cookie'], undefined, 'and keeps it');
});

test('a name that is not one of ours is replaced: it could be the name of a file', async () => {
  const { headers } = await api.ask('GET', '/', undefined, { cookie: 'breakwater-participant=../../etc/passwd' });
  assert.match(cookieOf(headers)!, /=[A-Za-z0-9_-]{22}$/);
});

test('two browsers do the same lab, each at its own pace', async () => {
  const names = await Promise.all([api.ask('GET', '/'), api.ask('GET', '/')]);
  const [ada, bob] = names.map(({ headers }) => ({ cookie: cookieOf(headers)! }));
  const hints = async (who: { cookie: string }) => JSON.parse((await api.ask('GET', lab, undefined, who)).body).hints;
  assert.equal((await api.ask('POST', `${lab}/start`, undefined, ada!)).status, 200);
  assert.equal((await api.ask('GET', lab, undefined, bob!)).status, 409, 'the other has not started');
  assert.equal((await api.ask('POST', `${lab}/start`, undefined, bob!)).status, 200);
  assert.equal((await api.ask('POST', `${lab}/hint`, undefined, ada!)).status, 200);
  assert.equal((await hints(ada!)).length, 1);
  assert.equal((await hints(bob!)).length, 0);
});

test('telemetry, metrics and health are asked for by programs: they get no name', async () => {
  for (const path of ['/v1/traces', '/metrics', '/healthz', '/livez', '/_next/static/a.js']) {
    assert.equal((await api.ask('GET', path)).headers['set-cookie'], undefined, path);
  }
});

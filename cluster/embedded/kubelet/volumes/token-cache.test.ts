import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod } from '../../kinds/types.ts';
import { TokenCache } from './token-cache.ts';

const pod = { metadata: { name: 'web' } } as Pod;
const start = Date.UTC(2026, 10, 28);
const hour = { audience: undefined, expirationSeconds: 3600 };

test('a token is asked for once, and anew when it has lived 80 % of its time', async () => {
  let now = start;
  let asked = 0;
  const cache = new TokenCache(async () => ({
    token: `token ${(asked += 1)}`,
    expirationTimestamp: new Date(now + 3600_000).toISOString(),
  }));
  assert.equal(cache.renewAt, Infinity);
  assert.equal(await cache.token(pod, hour, now), 'token 1');
  assert.equal(cache.renewAt, start + 2880_000);
  now = start + 2879_000;
  assert.equal(await cache.token(pod, hour, now), 'token 1');
  now = start + 2880_000;
  assert.equal(await cache.token(pod, hour, now), 'token 2');
  assert.equal(await cache.token(pod, { ...hour, audience: 'vault' }, now), 'token 3');
});

test('a token of years is renewed every day', async () => {
  const cache = new TokenCache(async () => ({ token: 'long', expirationTimestamp: '2036-11-28T00:00:00Z' }));
  await cache.token(pod, hour, start);
  assert.equal(cache.renewAt, start + 24 * 3600_000);
});

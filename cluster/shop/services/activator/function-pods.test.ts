import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readyUrls } from './function-pods.ts';

test('a function is called where its slices say that it is ready', () => {
  const endpoint = (address: string, ready?: boolean) => ({
    addresses: [address],
    ...(ready !== undefined && { conditions: { ready } }),
  });
  const ports = [{ port: 8080 }];
  const slices = [
    {
      metadata: { name: 'one' },
      ports,
      endpoints: [endpoint('10.0.0.1', true), endpoint('10.0.0.2', false), endpoint('10.0.0.3')],
    },
    { metadata: { name: 'two' }, ports, endpoints: [endpoint('10.0.0.1', true)] },
    { metadata: { name: 'no port' }, endpoints: [endpoint('10.0.0.4', true)] },
    { metadata: { name: 'none' }, ports, endpoints: null },
  ];
  assert.deepEqual(readyUrls(slices), ['http://10.0.0.1:8080', 'http://10.0.0.3:8080']);
});

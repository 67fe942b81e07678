import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Service } from '../kinds/types.ts';
import { serviceVariables } from './service-variables.ts';

const service = (name: string, spec: object) => ({ metadata: { name }, spec }) as Service;

test('a Service is found by its address and ports, named ports by their name', () => {
  const ports = [
    { name: 'http', port: 80 },
    { name: 'admin', port: 9000 },
  ];
  const env = serviceVariables([service('my-shop', { clusterIP: '10.96.0.7', ports })]);
  assert.equal(env.MY_SHOP_SERVICE_HOST, '10.96.0.7');
  assert.equal(env.MY_SHOP_SERVICE_PORT, '80');
  assert.equal(env.MY_SHOP_SERVICE_PORT_ADMIN, '9000');
  assert.equal(env.MY_SHOP_PORT, 'tcp://10.96.0.7:80');
  assert.equal(env.MY_SHOP_PORT_9000_TCP_ADDR, '10.96.0.7');
});

test('one without an address or ports has no variables', () => {
  assert.deepEqual(serviceVariables([service('a', { clusterIP: 'None', ports: [{ port: 80 }] })]), {});
  assert.deepEqual(serviceVariables([service('b', { clusterIP: '10.96.0.7' })]), {});
});

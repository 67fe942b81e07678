import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServiceEndpoint, ServiceRoute } from '../pod-network.ts';
import { Balancer } from './balancer.ts';

const onNode = (node: string, name: string, terminating?: true): ServiceEndpoint => ({
  ...{ uid: `${node} ${name}`, port: 8080 },
  ...(terminating && { terminating }),
});
const service: ServiceRoute = { namespace: 'shop', name: 'web', clusterIP: '10.96.0.7', members: [], ports: [] };
const caller = { ip: '10.244.1.2', nodeName: 'node-1' };

/** Whom a hundred connections are led to. */
function chosen(endpoints: ServiceEndpoint[], more: Partial<ServiceRoute> = {}) {
  const balancer = new Balancer({ nodeOf, now: () => 0 });
  const port = { name: '', port: 80, endpoints };
  return new Set(Array.from({ length: 100 }, () => nameOf(balancer.choose({ ...service, ...more }, port, caller))));
}
const nodeOf = (endpoint: ServiceEndpoint) => ('uid' in endpoint ? endpoint.uid.split(' ')[0] : undefined);
const nameOf = (endpoint: ReturnType<Balancer['choose']>) =>
  typeof endpoint === 'string' ? endpoint : 'uid' in endpoint ? endpoint.uid.split(' ')[1]! : 'somebody';

test('connections are spread over what is ready', () => {
  const endpoints = [onNode('node-1', 'a'), onNode('node-2', 'b'), onNode('node-2', 'c', true)];
  assert.deepEqual(chosen(endpoints), new Set(['a', 'b']));
});

test('where nothing is ready, what is terminating is called', () => {
  assert.deepEqual(chosen([onNode('node-1', 'a', true)]), new Set(['a']));
  assert.deepEqual(chosen([]), new Set(['refused']));
});

test('traffic that is to stay on its node does, and is lost where there is nobody', () => {
  const local = { localOnly: true as const };
  assert.deepEqual(chosen([onNode('node-1', 'a'), onNode('node-2', 'b')], local), new Set(['a']));
  assert.deepEqual(chosen([onNode('node-1', 'a', true), onNode('node-2', 'b')], local), new Set(['a']));
  assert.deepEqual(chosen([onNode('node-2', 'b')], local), new Set(['dropped']));
});

test('a caller stays with its endpoint until it was away for too long, or the endpoint is gone', () => {
  let now = 0;
  const balancer = new Balancer({ nodeOf, now: () => now });
  const names = Array.from({ length: 50 }, (_, index) => `pod-${index}`);
  const sticky = { ...service, affinityMs: 1_000 };
  const choose = (left = names) => {
    const endpoints = left.map((name) => onNode('node-1', name));
    return nameOf(balancer.choose(sticky, { name: '', port: 80, endpoints }, caller));
  };
  const first = choose();
  for (let call = 0; call < 20; call++) {
    now += 900;
    assert.equal(choose(), first);
  }
  const others = names.filter((name) => name !== first);
  const second = choose(others);
  assert.notEqual(second, first);
  assert.equal(choose(others), second);
  const later = Array.from({ length: 20 }, () => {
    now += 1_000;
    return choose();
  });
  assert.ok(new Set(later).size > 1, 'twenty times the same of fifty');
});

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../testing/until.ts';
import type { ServiceRoute } from './pod-network.ts';
import { service, TestNetwork, type TestPod } from './testing/test-network.ts';

let net: TestNetwork;
let orders: TestPod;
let payments: TestPod;

before(async () => {
  net = await TestNetwork.start();
  orders = await net.pod('orders-1');
  payments = await net.pod('payments-1', 'node-2');
  await payments.serveHello();
});
after(() => net.close());

/** A Service whose slice a client has written: it names addresses. */
function leadingTo(address: string, more: Partial<ServiceRoute> = {}): void {
  const route = service('payments', '10.96.0.7', []);
  const endpoints = [{ address, port: 8080 }];
  net.network.setServices([{ ...route, members: endpoints, ports: [{ name: '', port: 8080, endpoints }], ...more }]);
}
const call = (url: string) =>
  orders.run(async (url) => (await fetch(url, { headers: { connection: 'close' } })).text(), url);
const answers = async (url: string) => (await call(url).catch(() => '')) === 'hello from payments-1';

test('an address of a Service leads to the pod that has it at the moment of the call', async () => {
  leadingTo(payments.attachment.ip);
  await until('it answers', () => answers('http://payments:8080/'));
  net.network.setPolicies([{ pods: ['payments-1'], ingress: [] }]);
  const blocked = orders.run(async () => {
    await fetch('http://payments:8080/', { signal: AbortSignal.timeout(900), headers: { connection: 'close' } });
  });
  await assert.rejects(blocked);
  net.network.setPolicies([]);
  await until('it answers again', () => answers('http://payments:8080/'));
});

test('it is on the node of that pod, and a call of the pod itself is one of the Service', async () => {
  leadingTo(payments.attachment.ip, { localOnly: true });
  const neighbour = await net.pod('neighbour-1', 'node-2');
  const answer = await neighbour.run(async () => (await fetch('http://payments:8080/')).text());
  assert.equal(answer, 'hello from payments-1');
});

test('one that no pod has leads nowhere, and not into another network of the machine', async () => {
  leadingTo('10.244.9.9');
  await until('it is told', async () => {
    const code = await call('http://payments:8080/').then(
      () => '',
      (error: NodeJS.ErrnoException) => error.code,
    );
    return code === 'EHOSTUNREACH';
  });
});

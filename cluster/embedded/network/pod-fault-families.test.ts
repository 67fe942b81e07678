import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import type { StreamFault } from '../../network-faults/index.ts';
import { until } from '../testing/until.ts';
import type { AroundOfRule, EdgeOfRule, FaultRule } from './pod-network.ts';
import { service, TestNetwork, type TestPod } from './testing/test-network.ts';

// One of each family through the data plane; what each fault does to bytes is tested in network-faults/.
let net: TestNetwork;
let orders: TestPod;
let payments: TestPod;

before(async () => {
  net = await TestNetwork.start();
  orders = await net.pod('orders-1');
  payments = await net.pod('payments-1', 'node-2');
  await Promise.all([payments.serveHello(), orders.serveHello()]);
  net.network.setServices([service('payments', '10.96.0.7', [payments]), service('orders', '10.96.0.8', [orders])]);
});
after(() => net.close());
afterEach(() => net.network.setFaults([]));

let faults = 0;
/** A fault with an id of its own acts, on the edge orders > payments unless told otherwise. */
async function act(fault: StreamFault, remainingMs = 60_000, on?: EdgeOfRule | AroundOfRule): Promise<FaultRule> {
  const edge = { sources: ['orders-1'], destinations: ['shop/payments'] };
  const rule: FaultRule = { id: `fault-${++faults}`, ...(on ?? edge), fault, remainingMs };
  await net.network.setFaults([rule]);
  return rule;
}

/** The status of one call over the pod's one kept connection, or the code of its error. */
const call = (pod: TestPod, host = 'payments', timeoutMs = 60_000) =>
  pod.run(
    async ({ host, timeoutMs }) => {
      const { Agent, get } = await import('node:http');
      const kept = globalThis as unknown as { agent?: InstanceType<typeof Agent> };
      const agent = (kept.agent ??= new Agent({ keepAlive: true, maxSockets: 1 }));
      return new Promise<number | string>((resolve) => {
        const signal = AbortSignal.timeout(timeoutMs);
        get(`http://${host}:8080/`, { agent, signal }, (response) => {
          response.resume().once('end', () => resolve(response.statusCode!));
        }).once('error', (error: NodeJS.ErrnoException) => resolve(error.code!));
      });
    },
    { host, timeoutMs },
  );

test('connections: a live one hangs and heals, a new one gets no answer while the network is parted', async () => {
  assert.equal(await call(orders), 200);
  const { id } = await act({ type: 'partition', attributes: {} });
  const live = call(orders);
  await until('the call is held', () => net.counts[id]?.delayed === 1);
  const fresh = orders.run(async () => {
    const { connect } = await import('node:net');
    const socket = connect(8080, 'payments');
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.destroy();
    return 'connected';
  });
  await until('the connection is held', () => net.counts[id]?.dropped === 1);
  assert.deepEqual(net.counts[id]?.pods, ['orders-1']);
  await net.network.setFaults([]);
  assert.deepEqual(await Promise.all([live, fresh]), [200, 'connected']);
});

test('connections: a reset is one at both ends, and the next call connects again', async () => {
  assert.equal(await call(orders), 200);
  const { id } = await act({ type: 'reset', attributes: { percent: 100, answeredPercent: 0 } });
  assert.equal(await call(orders), 'ECONNRESET');
  await net.network.setFaults([]);
  assert.equal(net.counts[id]?.dropped, 1);
  assert.equal(await call(orders), 200);
});

test('connections: who is down refuses new ones and resets those that stand, until it is over', async () => {
  assert.equal(await call(orders), 200);
  const { id } = await act({ type: 'refuse', attributes: {} });
  await until('the standing one was cut', () => net.counts[id]?.dropped === 1);
  assert.equal(await call(orders), 'ECONNREFUSED');
  await net.network.setFaults([]);
  assert.equal(net.counts[id]?.dropped, 2);
  assert.equal(await call(orders), 200);
});

test('what acts around a pod acts both ways, hits that pod, and leaves the machine its way in', async () => {
  const around = { around: { 'payments-1': 'payments-1' } };
  const { id } = await act({ type: 'http-status', attributes: { status: 500, percent: 100 } }, 60_000, around);
  assert.deepEqual([await call(orders), await call(payments, 'orders')], [500, 500]);
  const socket = await net.network.dial('payments-1', 8080);
  socket.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
  let heard = '';
  for await (const chunk of socket) heard += String(chunk);
  assert.match(heard, /hello from payments-1/);
  await net.network.setFaults([]);
  const { failed, pods } = net.counts[id]!;
  assert.deepEqual([failed, pods], [2, ['payments-1']]);
  assert.equal(await call(orders), 200);
});

test('names: live connections are cut, then there is no such name, or no answer, and both are over with the fault', async () => {
  assert.equal(await call(orders), 200);
  const { id } = await act({ type: 'dns-failure', attributes: { percent: 100, waitMs: 0, cutPercent: 100 } });
  await until('it was cut', () => net.counts[id]?.dropped === 1);
  assert.equal(await call(orders), 'ENOTFOUND');
  const query = () =>
    orders.run(async () => {
      const { resolve4 } = await import('node:dns/promises');
      return resolve4('payments.shop.svc.cluster.local').then(String, ({ code }: NodeJS.ErrnoException) => code);
    });
  assert.equal(await query(), 'ENOTFOUND');
  assert.equal(await call(payments, 'payments'), 200, 'others find it');
  const since = performance.now();
  await act({ type: 'dns-failure', attributes: { percent: 100, waitMs: 100, cutPercent: 0 } });
  assert.deepEqual([await call(orders, 'payments.shop'), await query()], ['EAI_AGAIN', 'ETIMEOUT']);
  assert.ok(performance.now() - since >= 200);
  await net.network.setFaults([]);
  assert.deepEqual([await call(orders), await query()], [200, '10.96.0.7']);
});

test('HTTP: a live connection meets the status, and serves on when it is over', async () => {
  assert.equal(await call(orders), 200);
  const { id } = await act({ type: 'http-fail-first', attributes: { requests: 2, status: 503 } });
  assert.deepEqual([await call(orders), await call(orders), await call(orders)], [503, 503, 200]);
  await net.network.setFaults([]);
  assert.equal(net.counts[id]?.failed, 2);
  assert.equal(await call(orders), 200);
});

const leases: [string, StreamFault, (outcome: number | string) => boolean][] = [
  ['hang', { type: 'hang', attributes: {} }, (outcome) => outcome === 'ABORT_ERR'],
  [
    'dns-failure',
    { type: 'dns-failure', attributes: { percent: 100, waitMs: 0, cutPercent: 100 } },
    (outcome) => outcome === 'ENOTFOUND',
  ],
  ['http-status', { type: 'http-status', attributes: { status: 503, percent: 100 } }, (outcome) => outcome === 503],
];
for (const [name, fault, isHit] of leases) {
  test(`${name} ends by its own lease, without a word from whoever began it`, async () => {
    assert.equal(await call(orders), 200);
    await act(fault, 700);
    // One that was held may be answered once the lease is over.
    await until('it acts', async () => isHit(await call(orders, 'payments', 100)));
    await until('it is over', async () => (await call(orders, 'payments', 100)) === 200);
    assert.deepEqual(await net.network.actingFaults(), []);
  });
}

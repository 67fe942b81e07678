import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Queues } from './queues.ts';

const now = 1_800_000_000_000;

function gauges(pod: string, figures: Record<string, number>, queue = 'payments', broker = 'rabbitmq') {
  const attributes = { 'messaging.destination.name': queue, 'server.address': broker };
  const base = { service: pod.split('-')[0]!, pod, since: now, at: now, attributes };
  return Object.entries(figures).map(([figure, value]) => ({ ...base, name: `messaging.queue.${figure}`, value }));
}

test('a queue is as long as those say who look at it, and in hand is what all its consumers have', () => {
  const queues = new Queues();
  queues.ingest(gauges('orders-1', { depth: 40, consumers: 2 }), now);
  queues.ingest(gauges('orders-2', { depth: 41, consumers: 2 }), now);
  queues.ingest(gauges('payments-1', { unacked: 16 }), now);
  queues.ingest(gauges('payments-2', { unacked: 3 }), now);
  assert.deepEqual(queues.of('rabbitmq', now), [{ name: 'payments', depth: 41, consumers: 2, unacked: 19 }]);
  assert.deepEqual(queues.of('another', now), []);
});

test('a broker is known by the first label of its address, and its queues go with those who report them', () => {
  const queues = new Queues();
  queues.ingest(gauges('orders-1', { depth: 1, consumers: 0 }, 'orders', 'rabbitmq.shop.svc.cluster.local'), now);
  queues.ingest(gauges('orders-1', { depth: 7, consumers: 1 }, 'mails'), now);
  const names = (at: number) => queues.of('rabbitmq', at).map(({ name }) => name);
  assert.deepEqual(names(now + 2_000), ['mails', 'orders']);
  assert.deepEqual(names(now + 4_000), []);
});

test('queues that nobody has take no room for ever', () => {
  const queues = new Queues();
  for (let made = 0; made < 1_000; made++) queues.ingest(gauges('x-1', { depth: 1 }, `made-up-${made}`), now);
  assert.equal(queues.of('rabbitmq', now).length, 64);
  queues.ingest(gauges('orders-1', { depth: 1 }), now + 10_000);
  assert.deepEqual(
    queues.of('rabbitmq', now + 10_000).map(({ name }) => name),
    ['payments'],
  );
});

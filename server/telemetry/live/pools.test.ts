import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pools } from './pools.ts';

const now = 1_800_000_000_000;

function gauges(pod: string, figures: Record<string, number>, pool = 'workers', service = 'payments') {
  const base = { service, pod, since: now, at: now, attributes: { 'pool.name': pool } };
  return Object.entries(figures).map(([figure, value]) => ({ ...base, name: `pool.${figure}`, value }));
}

test('a pool is what all pods that still report have of it, and goes with the last of them', () => {
  const pools = new Pools();
  pools.ingest(gauges('payments-1', { size: 16, used: 16, waiting: 34 }), now);
  pools.ingest(gauges('payments-2', { size: 16, used: 3, waiting: 0 }), now + 2000);
  assert.deepEqual(pools.of('payments', now + 2000), [{ name: 'workers', size: 32, used: 19, waiting: 34 }]);
  assert.deepEqual(pools.of('payments', now + 4000), [{ name: 'workers', size: 16, used: 3, waiting: 0 }]);
  assert.deepEqual(pools.of('payments', now + 6000), []);
});

test('each pool of a service is told of by its name, and a service without pools has none', () => {
  const pools = new Pools();
  pools.ingest(gauges('a', { size: 8, used: 1, waiting: 0 }, 'workers'), now);
  pools.ingest(gauges('a', { size: 48, used: 48, waiting: 2 }, 'connections'), now);
  assert.deepEqual(
    pools.of('payments', now).map(({ name, used }) => [name, used]),
    [
      ['connections', 48],
      ['workers', 1],
    ],
  );
  assert.deepEqual(pools.of('bank', now), []);
});

test('names that are made up take no room from those that report, and what is no number is passed over', () => {
  const pools = new Pools();
  pools.ingest(gauges('a', { size: 16, used: NaN, waiting: -1 }), now);
  for (let i = 0; i < 1000; i++) {
    pools.ingest(gauges('a', { size: 1 }, `pool-${i}`), now);
    pools.ingest(gauges('a', { size: 1 }, 'workers', `service-${i}`), now);
  }
  assert.deepEqual(pools.of('payments', now).at(-1), { name: 'workers', size: 16, used: 0, waiting: 0 });
  assert.equal(pools.of('payments', now).length, 16);
  assert.deepEqual([pools.of('service-62', now).length, pools.of('service-63', now).length], [1, 0]);
  pools.ingest(gauges('a', { size: 2 }, 'workers', 'late'), now + 5000);
  assert.equal(pools.of('late', now + 5000).length, 1, 'there is room again when the others are silent');
});

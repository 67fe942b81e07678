import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Api } from '../apiserver/api.ts';
import type { FaultCounters, FaultRule, PodNetwork } from '../network/pod-network.ts';
import { reconcileFaults } from './network-fault.ts';
import { emptyCluster, revision } from '../testing/controller-fixture.ts';

const now = Date.parse('2026-01-01T00:00:00Z');

/** Keeps what it is told, as the data plane would. */
function notingNetwork(counters: Record<string, FaultCounters> = {}) {
  const noted: { rules: FaultRule[] } = { rules: [] };
  const network = {
    setFaults: (rules: FaultRule[]) => (noted.rules = rules),
    faultCounters: async () => counters,
  } as unknown as PodNetwork;
  return { network, noted };
}

async function withFault(api: Api, seconds: number): Promise<string> {
  const fault = await api.create('NetworkFault', {
    metadata: { name: 'slow', namespace: 'shop' },
    spec: {
      source: 'payments',
      destination: 'bank',
      delayMs: 200,
      expiresAt: new Date(now + seconds * 1000).toISOString(),
    },
  });
  return fault.metadata.uid!;
}

test('a fault reaches the data plane, and what it did comes back, again and again', async () => {
  const api = await emptyCluster();
  const uid = await withFault(api, 30);
  const { network, noted } = notingNetwork({ [uid]: { delayed: 412, connections: 3, pods: ['payments-1'] } });
  assert.equal(await reconcileFaults(api, network, now), 400);
  assert.deepEqual(noted.rules, [
    {
      id: uid,
      source: 'payments',
      destination: { namespace: 'shop', name: 'bank' },
      delayMs: 200,
      jitterMs: 0,
      expiresAt: now + 30_000,
    },
  ]);
  const { status } = await api.get('NetworkFault', 'slow', 'shop');
  assert.deepEqual(status, { phase: 'Active', delayed: 412, connections: 3, pods: ['payments-1'] });
});

test('an expired fault no longer acts, keeps its counters for a while, and is then deleted', async () => {
  const api = await emptyCluster();
  const uid = await withFault(api, 10);
  const counters = { [uid]: { delayed: 7, connections: 1, pods: [] } };
  await reconcileFaults(api, notingNetwork(counters).network, now);
  const { network, noted } = notingNetwork();
  assert.equal(await reconcileFaults(api, network, now + 10_000), 5000);
  assert.deepEqual(noted.rules, []);
  const { status } = await api.get('NetworkFault', 'slow', 'shop');
  assert.deepEqual([status?.phase, status?.delayed], ['Expired', 7]);
  await reconcileFaults(api, network, now + 15_000);
  await assert.rejects(api.get('NetworkFault', 'slow', 'shop'), { code: 'NotFound' });
});

test('with nothing to do it writes nothing and does not look again', async () => {
  const api = await emptyCluster();
  const before = await revision(api);
  assert.equal(await reconcileFaults(api, notingNetwork().network, now), undefined);
  assert.equal(await revision(api), before);
});

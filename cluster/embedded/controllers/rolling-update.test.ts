import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Deployment } from '../kinds/types.ts';
import { newReplicas, oldReplicas, rolloutBounds, type ReplicaCount } from './rolling-update.ts';

const deployment = (replicas: number, maxSurge?: string | number, maxUnavailable?: string | number) =>
  ({
    metadata: { name: 'a' },
    spec: { replicas, strategy: { rollingUpdate: { maxSurge, maxUnavailable } } },
  }) as Deployment;

test('percentages round up for surge and down for unavailable', () => {
  assert.deepEqual(rolloutBounds(deployment(10, '25%', '25%')), { desired: 10, maxSurge: 3, maxUnavailable: 2 });
  assert.deepEqual(rolloutBounds(deployment(3)), { desired: 3, maxSurge: 1, maxUnavailable: 0 });
});

test('with neither surge nor unavailable one pod may be missing, else nothing could move', () => {
  assert.deepEqual(rolloutBounds(deployment(4, 0, 0)), { desired: 4, maxSurge: 0, maxUnavailable: 1 });
});

test('the new ReplicaSet grows only into the surge', () => {
  const bounds = { desired: 4, maxSurge: 1, maxUnavailable: 1 };
  assert.equal(newReplicas(bounds, { replicas: 0, available: 0 }, [{ replicas: 4, available: 4 }]), 1);
  assert.equal(newReplicas(bounds, { replicas: 1, available: 0 }, [{ replicas: 4, available: 4 }]), 1);
  assert.equal(newReplicas(bounds, { replicas: 1, available: 1 }, [{ replicas: 2, available: 2 }]), 3);
  assert.equal(newReplicas(bounds, { replicas: 6, available: 6 }, []), 4, 'and shrinks when scaled down');
});

test('old pods that are not available go first, healthy ones only once new ones are available', () => {
  const bounds = { desired: 3, maxSurge: 1, maxUnavailable: 0 };
  const healthy = { replicas: 3, available: 3 };
  assert.deepEqual(oldReplicas(bounds, { replicas: 1, available: 0 }, [healthy]), [3]);
  assert.deepEqual(oldReplicas(bounds, { replicas: 1, available: 1 }, [healthy]), [2]);
  const broken = { replicas: 1, available: 0 };
  assert.deepEqual(oldReplicas(bounds, { replicas: 0, available: 0 }, [broken, healthy]), [0, 3]);
});

for (const [maxSurge, maxUnavailable] of [
  [1, 0],
  [0, 1],
  ['25%', '25%'],
  ['100%', 0],
] as const) {
  test(`a rollout of 5 with surge ${maxSurge} and unavailable ${maxUnavailable} ends, and never leaves its bounds`, () => {
    const bounds = rolloutBounds(deployment(5, maxSurge, maxUnavailable));
    const current: ReplicaCount = { replicas: 0, available: 0 };
    const old: ReplicaCount = { replicas: 5, available: 5 };
    let steps = 0;
    while (current.available < 5 || old.replicas > 0) {
      assert.ok(++steps < 100, 'it is stuck');
      current.replicas = newReplicas(bounds, current, [old]);
      [old.replicas] = oldReplicas(bounds, current, [old]) as [number];
      old.available = Math.min(old.available, old.replicas);
      assert.ok(current.replicas + old.replicas <= 5 + bounds.maxSurge);
      assert.ok(current.available + old.available >= 5 - bounds.maxUnavailable);
      // One pod becomes available between two looks.
      current.available = Math.min(current.replicas, current.available + 1);
    }
  });
}

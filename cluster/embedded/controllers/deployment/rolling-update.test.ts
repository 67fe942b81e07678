import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Deployment } from '../../kinds/types.ts';
import { countOf, newReplicas, oldReplicas, rolloutBounds } from './rolling-update.ts';

const deployment = (replicas: number, maxSurge?: string | number, maxUnavailable?: string | number) =>
  ({
    metadata: { name: 'a' },
    spec: { replicas, strategy: { rollingUpdate: { maxSurge, maxUnavailable } } },
  }) as Deployment;

/** `pods` of it are available; its status says so a step later. */
const replicaSet = (replicas: number) => ({
  metadata: { name: 'a' },
  spec: { replicas, selector: {} },
  status: { replicas, availableReplicas: replicas },
  pods: replicas,
});

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

test('a Recreate knows neither surge nor missing pods', () => {
  const { metadata, spec } = deployment(4);
  assert.deepEqual(rolloutBounds({ metadata, spec: { ...spec!, strategy: { type: 'Recreate' } } }), {
    desired: 4,
    maxSurge: 0,
    maxUnavailable: 0,
  });
});

for (const [maxSurge, maxUnavailable] of [
  [1, 0],
  [0, 1],
  ['25%', '25%'],
  ['100%', 0],
] as const) {
  test(`a rollout of 5 with surge ${maxSurge} and unavailable ${maxUnavailable} ends, and never leaves its bounds`, () => {
    const bounds = rolloutBounds(deployment(5, maxSurge, maxUnavailable));
    const current = replicaSet(0);
    const old = replicaSet(5);
    let steps = 0;
    while (current.pods < 5 || old.pods > 0) {
      assert.ok(++steps < 100, 'it is stuck');
      const grown = newReplicas(bounds, countOf(current), [countOf(old)]);
      current.spec.replicas = grown;
      const [kept] = oldReplicas(bounds, countOf(current), [countOf(old)]) as [number];
      old.spec.replicas = kept;
      // The statuses that the next look sees are from before this one has taken effect.
      for (const set of [current, old]) set.status.availableReplicas = set.pods;
      old.pods = Math.min(old.pods, kept);
      assert.ok(grown + kept <= 5 + bounds.maxSurge);
      assert.ok(current.pods + old.pods >= 5 - bounds.maxUnavailable, `${current.pods} + ${old.pods} are available`);
      // One pod becomes available between two looks.
      current.pods = Math.min(grown, current.pods + 1);
    }
  });
}

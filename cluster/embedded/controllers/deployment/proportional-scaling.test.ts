import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReplicaSet } from '../../kinds/types.ts';
import { webDeployment } from '../../testing/controller-fixture.ts';
import { isScaled, scaledSizes } from './proportional-scaling.ts';

const deployment = (replicas: number, maxSurge = 3) =>
  webDeployment({ replicas, strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable: 2 } } });

/** One of a Deployment that wanted 10 replicas and 3 beyond. */
function replicaSet(name: string, replicas: number, available = replicas): ReplicaSet {
  const annotations = {
    'deployment.kubernetes.io/desired-replicas': '10',
    'deployment.kubernetes.io/max-replicas': '13',
  };
  return {
    metadata: { name, annotations },
    spec: { replicas, selector: {} },
    status: { replicas, availableReplicas: available },
  };
}

function sizes(wanted: number, current: ReplicaSet | null, ...old: ReplicaSet[]) {
  const given = scaledSizes(deployment(wanted), current, old);
  return Object.fromEntries([...given].map(([{ metadata }, size]) => [metadata.name, size]));
}

test('a Deployment counts as scaled while a ReplicaSet that has pods was sized for another number', () => {
  assert.equal(isScaled(deployment(10), [replicaSet('new', 3), replicaSet('old', 10)]), false);
  assert.equal(isScaled(deployment(11), [replicaSet('new', 3), replicaSet('old', 10)]), true);
  assert.equal(isScaled(deployment(11), [replicaSet('old', 0)]), false);
});

test('what is added goes to each ReplicaSet in proportion (the example of the Kubernetes manual)', () => {
  assert.deepEqual(sizes(15, replicaSet('new', 5, 0), replicaSet('old', 8)), { old: 11, new: 7 });
});

test('what is taken away is taken from each in proportion', () => {
  assert.deepEqual(sizes(5, replicaSet('new', 5, 0), replicaSet('old', 8)), { old: 5, new: 3 });
  assert.deepEqual(sizes(0, replicaSet('new', 5, 0), replicaSet('old', 8)), { old: 0, new: 0 });
});

test('with the same number wanted every ReplicaSet stays as it is', () => {
  assert.deepEqual(sizes(10, replicaSet('new', 5, 0), replicaSet('old', 8)), { old: 8, new: 5 });
});

test('rounding never leads beyond the surge', () => {
  const all = [replicaSet('new', 4, 0), replicaSet('a', 4), replicaSet('b', 5)] as const;
  for (let wanted = 1; wanted <= 40; wanted++) {
    const total = Object.values(sizes(wanted, ...all)).reduce((sum, size) => sum + size, 0);
    assert.equal(total, wanted + 3);
  }
});

test('the only ReplicaSet with pods gets all, and without pods the current one', () => {
  assert.deepEqual(sizes(4, null, replicaSet('older', 0), replicaSet('old', 8)), { old: 4 });
  assert.deepEqual(sizes(4, replicaSet('new', 0), replicaSet('old', 0)), { new: 4 });
  assert.deepEqual(sizes(4, null), {});
});

test('beside a current ReplicaSet that has all it wants, the old ones end', () => {
  assert.deepEqual(sizes(10, replicaSet('new', 10), replicaSet('old', 3)), { old: 0 });
});

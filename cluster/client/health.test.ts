import assert from 'node:assert/strict';
import { test } from 'node:test';
import { health, kindsWithHealth, type Reported } from './health.ts';

const states: [what: string, state: string, object: Reported][] = [
  ['a StatefulSet with a pod to come', 'under way', of('StatefulSet', { replicas: 2 }, { readyReplicas: 1 })],
  [
    'a StatefulSet in the middle of an update',
    'under way',
    of('StatefulSet', {}, { readyReplicas: 1, currentRevision: 'a', updateRevision: 'b' }),
  ],
  ['a StatefulSet that changes no pod by itself', 'done', of('StatefulSet', onDelete(), rolling(0))],
  ['a StatefulSet before its partition is reached', 'under way', of('StatefulSet', upTo(1), rolling(1))],
  ['a StatefulSet rolled up to its partition', 'done', of('StatefulSet', upTo(1), rolling(2))],
  ['a StatefulSet that is whole', 'done', of('StatefulSet', {}, { readyReplicas: 1 })],
  ['a DaemonSet nobody has looked at', 'under way', of('DaemonSet', {}, {})],
  [
    'a DaemonSet on every node',
    'done',
    of('DaemonSet', {}, { desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 3 }),
  ],
  ['a Job that runs', 'under way', of('Job', {}, { active: 1 })],
  ['a Job that has ended', 'done', of('Job', {}, { conditions: [{ type: 'Complete', status: 'True' }] })],
  ['a Job that has failed', 'failed', of('Job', {}, { conditions: [{ type: 'Failed', status: 'True' }] })],
  ['a claim without a volume', 'under way', of('PersistentVolumeClaim', {}, { phase: 'Pending' })],
  ['a claim with its volume', 'done', of('PersistentVolumeClaim', {}, { phase: 'Bound' })],
  ['a Service', 'done', of('Service', { type: 'ClusterIP' }, {})],
  ['a load balancer without an address', 'under way', of('Service', { type: 'LoadBalancer' }, {})],
  ['a pod that is not ready', 'under way', of('Pod', {}, { phase: 'Running' })],
  ['a pod that failed', 'failed', of('Pod', {}, { phase: 'Failed' })],
  ['a definition that is served', 'done', of('CustomResourceDefinition', {}, established())],
  ['anything that is there', 'done', of('ConfigMap', {}, {})],
  ['anything that is being deleted', 'under way', { kind: 'ConfigMap', metadata: { deletionTimestamp: 'now' } }],
  [
    'a change that no controller has seen',
    'under way',
    { kind: 'StatefulSet', metadata: { generation: 2 }, status: { observedGeneration: 1, readyReplicas: 1 } },
  ],
];

function onDelete() {
  return { replicas: 3, updateStrategy: { type: 'OnDelete' } };
}

function upTo(partition: number) {
  return { replicas: 3, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition } } };
}

function rolling(updatedReplicas: number) {
  return { readyReplicas: 3, updatedReplicas, currentRevision: 'a', updateRevision: 'b' };
}

function of(kind: string, spec: Reported['spec'], status: Reported['status']): Reported {
  return { kind, metadata: {}, spec, status };
}

function established() {
  return { conditions: [{ type: 'Established', status: 'True' }] };
}

for (const [what, state, object] of states) {
  test(`${what} is ${state}`, () => assert.equal(health(object).state, state));
}

test('every kind that takes its time is asked about here', () => {
  const asked = new Set(states.map(([, , { kind }]) => kind));
  assert.deepEqual(
    kindsWithHealth.filter((kind) => !asked.has(kind)),
    [],
  );
});

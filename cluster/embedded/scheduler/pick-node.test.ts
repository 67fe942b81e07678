import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Node, Pod } from '../kinds/types.ts';
import { failureMessage, pickNode } from './pick-node.ts';

function node(name: string, more: Partial<Node> = {}): Node {
  const status = { allocatable: { cpu: '2', memory: '1Gi', pods: '110' } };
  return { metadata: { name, labels: { disk: name } }, status, ...more } as Node;
}

function pod(owner: string, nodeName?: string, spec: object = {}): Pod {
  const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: owner, uid: owner }];
  return { metadata: { name: owner, ownerReferences }, spec: { nodeName, containers: [], ...spec } } as unknown as Pod;
}

const asking = (cpu: string, memory = '0') => ({
  containers: [{ name: 'a', resources: { requests: { cpu, memory } } }],
});
const three = [node('node-1'), node('node-2'), node('node-3')];

test('replicas of one owner are spread before the number of pods is evened out', () => {
  const pods = [pod('a', 'node-1'), pod('b', 'node-2'), pod('b', 'node-2'), pod('b', 'node-3')];
  assert.deepEqual(pickNode(pod('a'), three, pods), { node: 'node-3' });
  assert.deepEqual(pickNode(pod('b'), three, pods), { node: 'node-1' });
});

test('a pod goes only where its nodeSelector says', () => {
  assert.deepEqual(pickNode(pod('a', undefined, { nodeSelector: { disk: 'node-2' } }), three, []), { node: 'node-2' });
});

test('cordoned and lost nodes get no pods', () => {
  const nodes = [
    node('node-1', { spec: { unschedulable: true } }),
    node('node-2', { spec: { taints: [{ key: 'node.kubernetes.io/unreachable', effect: 'NoSchedule' }] } }),
    node('node-3'),
  ];
  assert.deepEqual(pickNode(pod('a'), nodes, []), { node: 'node-3' });
  const pick = pickNode(pod('a'), nodes.slice(0, 2), []);
  assert.ok('reasons' in pick);
  assert.equal(
    failureMessage(pick.reasons, 2),
    '0/2 nodes are available: 1 node(s) had untolerated taint(s), 1 node(s) were unschedulable.',
  );
});

test('requests that no longer fit rule a node out, and the message says so per node', () => {
  const pods = [
    pod('a', 'node-1', asking('1500m')),
    pod('a', 'node-2', asking('1800m')),
    pod('b', 'node-3', asking('2')),
  ];
  assert.deepEqual(pickNode(pod('c', undefined, asking('500m')), three, pods), { node: 'node-1' });
  const pick = pickNode(pod('c', undefined, asking('1')), three, pods);
  assert.ok('reasons' in pick);
  assert.equal(failureMessage(pick.reasons, 3), '0/3 nodes are available: 3 Insufficient cpu.');
});

test('a pod that has ended takes up no room', () => {
  const ended = { ...pod('a', 'node-1', asking('2')), status: { phase: 'Succeeded' } } as Pod;
  assert.deepEqual(pickNode(pod('b', undefined, asking('2')), [node('node-1')], [ended]), { node: 'node-1' });
});

test('a node that lacks two things says both, and one that is full says so', () => {
  const pick = pickNode(pod('a', undefined, asking('3', '2Gi')), three, []);
  assert.ok('reasons' in pick);
  assert.equal(failureMessage(pick.reasons, 3), '0/3 nodes are available: 3 Insufficient cpu, 3 Insufficient memory.');
  const small = node('node-1', { status: { allocatable: { pods: '1' } } });
  const full = pickNode(pod('a'), [small], [pod('b', 'node-1')]);
  assert.ok('reasons' in full);
  assert.equal(failureMessage(full.reasons, 1), '0/1 nodes are available: 1 Too many pods.');
});

test('twenty pods of 100m fit on two CPUs, and a twenty-first does not', () => {
  const one = [node('node-1')];
  const pods: Pod[] = [];
  for (let count = 0; count < 20; count++) {
    assert.deepEqual(pickNode(pod('a', undefined, asking('100m')), one, pods), { node: 'node-1' }, `pod ${count + 1}`);
    pods.push(pod('a', 'node-1', asking('100m')));
  }
  assert.ok('reasons' in pickNode(pod('a', undefined, asking('100m')), one, pods));
});

test('a taint keeps pods away that do not tolerate it, unless it only prefers to', () => {
  const tainted = (effect: string) => node('node-1', { spec: { taints: [{ key: 'gpu', value: 'yes', effect }] } });
  const tolerating = (toleration: object) => pod('a', undefined, { tolerations: [toleration] });
  for (const effect of ['NoSchedule', 'NoExecute']) {
    assert.ok('reasons' in pickNode(pod('a'), [tainted(effect)], []), effect);
    assert.ok('reasons' in pickNode(tolerating({ key: 'gpu', value: 'no' }), [tainted(effect)], []));
    assert.ok('node' in pickNode(tolerating({ key: 'gpu', value: 'yes', effect }), [tainted(effect)], []));
    assert.ok('node' in pickNode(tolerating({ operator: 'Exists' }), [tainted(effect)], []));
  }
  const nodes = [tainted('PreferNoSchedule'), node('node-2')];
  assert.deepEqual(pickNode(pod('a'), nodes, [pod('a', 'node-2')]), { node: 'node-2' });
  assert.deepEqual(pickNode(pod('a'), nodes.slice(0, 1), []), { node: 'node-1' });
});

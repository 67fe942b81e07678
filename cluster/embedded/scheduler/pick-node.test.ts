import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Node, Pod } from '../kinds/types.ts';
import { failureMessage, pickNode } from './pick-node.ts';

function node(name: string, more: Partial<Node> = {}): Node {
  const status = {
    conditions: [{ type: 'Ready', status: 'True' }],
    allocatable: { cpu: '2', memory: '1Gi', pods: '110' },
  };
  return { metadata: { name, labels: { disk: name } }, status, ...more } as Node;
}

function pod(owner: string, nodeName?: string, spec: object = {}): Pod {
  const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: owner, uid: owner }];
  return { metadata: { name: owner, ownerReferences }, spec: { nodeName, containers: [], ...spec } } as unknown as Pod;
}

const asking = (cpu: string) => ({ containers: [{ name: 'a', resources: { requests: { cpu } } }] });
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
    node('node-2', { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } }),
    node('node-3'),
  ];
  assert.deepEqual(pickNode(pod('a'), nodes, []), { node: 'node-3' });
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

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod } from '../../kinds/types.ts';
import { scaleDownOrder } from './scale-down-order.ts';

interface Given {
  node?: string | null;
  phase?: string;
  ready?: boolean;
  /** Second of the same minute. */
  readySince?: number;
  born?: number;
  cost?: string;
  restarts?: number;
}

const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, '0')}Z`;

function pod(name: string, given: Given = {}): Pod {
  const { node = 'node-1', phase = 'Running', ready = true, readySince = 10, born = 0, cost, restarts = 0 } = given;
  const annotations = cost === undefined ? undefined : { 'controller.kubernetes.io/pod-deletion-cost': cost };
  return {
    metadata: { name, creationTimestamp: at(born), annotations },
    spec: { containers: [], ...(node !== null && { nodeName: node }) },
    status: {
      phase,
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: at(readySince) }],
      containerStatuses: [{ name: 'a', image: 'a', imageID: 'a', ready, restartCount: restarts }],
    },
  };
}

const order = (pods: Pod[], related = pods) => scaleDownOrder(pods, related).map(({ metadata }) => metadata.name);

/** From what goes first to what goes last; each differs from the next in one thing, which outweighs all that follow. */
const steps: [string, Pod, Pod][] = [
  ['not placed', pod('first', { node: null, phase: 'Pending' }), pod('then', { phase: 'Pending' })],
  ['not running', pod('first', { phase: 'Pending', cost: '5' }), pod('then', { ready: false })],
  ['not ready', pod('first', { ready: false, cost: '5' }), pod('then')],
  ['cheaper to delete', pod('first', { cost: '-1' }), pod('then', { restarts: 3, readySince: 20 })],
  ['ready for a shorter time', pod('first', { readySince: 20 }), pod('then', { restarts: 3, born: 5 })],
  ['restarted more often', pod('first', { restarts: 3 }), pod('then', { born: 5 })],
  ['younger', pod('first', { born: 5 }), pod('then')],
];

for (const [what, first, then] of steps) {
  test(`of two pods the one that is ${what} goes first`, () => {
    assert.deepEqual(order([first, then]), ['first', 'then']);
    assert.deepEqual(order([then, first]), ['first', 'then']);
  });
}

test('of ready pods the one goes first that shares its node with more of the Deployment, whatever its age', () => {
  const pods = [pod('alone', { node: 'node-2', readySince: 20 }), pod('shared')];
  assert.deepEqual(order(pods, [...pods, pod('of another ReplicaSet')]), ['shared', 'alone']);
  assert.deepEqual(order(pods), ['alone', 'shared']);
});

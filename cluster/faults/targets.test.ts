import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Deployment, Namespace, Pod, Service } from '../embedded/kinds/types.ts';
import { deploymentsOf, destinationsOf, namespacesOf, podsOf } from './targets.ts';

const namespace = (name: string, scope?: string): Namespace => ({
  metadata: { name, labels: scope ? { 'breakwater.dev/scope': scope } : {} },
});
const pod = (name: string, namespace: string, extra: object = {}): Pod => ({
  metadata: { name, namespace, labels: { app: name.split('-')[0]! }, ...extra },
});
const service = (name: string, namespace: string): Service => ({ metadata: { name, namespace } });
const deployment = (name: string, namespace: string): Deployment => {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [] } };
  return { metadata: { name, namespace }, spec: { selector: { matchLabels: labels }, template } };
};

const world = {
  namespaces: [namespace('shop', 'shop'), namespace('bank', 'shop'), namespace('lane-b', 'lane-b'), namespace('plain')],
  pods: [
    pod('orders-1', 'shop'),
    pod('orders-2', 'shop', { deletionTimestamp: '2026-01-01T00:00:00Z' }),
    { ...pod('orders-3', 'shop'), status: { phase: 'Succeeded' } },
    { ...pod('bank-1', 'bank'), spec: { nodeName: 'node-1', containers: [] } },
    pod('bank-2', 'lane-b'),
    pod('bank-3', 'plain'),
  ],
  services: [service('bank', 'bank'), service('bank', 'lane-b'), service('orders', 'shop')],
  deployments: [deployment('bank', 'bank'), deployment('bank', 'lane-b'), deployment('orders', 'shop')],
  nodes: [],
};
const names = (target: object, namespace = 'shop') =>
  podsOf(target, namespace, world).map(({ metadata }) => metadata.name);

test('a scope is the namespaces that bear its label, or a namespace alone', () => {
  assert.deepEqual([...namespacesOf('shop', world.namespaces)], ['shop', 'bank']);
  assert.deepEqual([...namespacesOf('bank', world.namespaces)].sort(), ['bank', 'shop']);
  assert.deepEqual([...namespacesOf('plain', world.namespaces)], ['plain']);
});

test('a service is hit in all namespaces of its scope and in no other', () => {
  assert.deepEqual(names({ service: 'bank' }), ['bank-1']);
  assert.deepEqual(names({ service: 'bank' }, 'plain'), ['bank-3']);
});

test('of an edge the callers are hit, and the callee is every Service of that name in the scope', () => {
  assert.deepEqual(names({ edge: 'orders>bank' }), ['orders-1']);
  assert.deepEqual(destinationsOf({ edge: 'orders>bank' }, 'shop', world), ['bank/bank']);
  assert.deepEqual(destinationsOf({ edge: 'orders>moon' }, 'shop', world), []);
});

test('a pod is hit by its name, those of a node by where they run, and none that is on its way out', () => {
  assert.deepEqual(names({ pod: 'orders-1' }), ['orders-1']);
  assert.deepEqual([names({ pod: 'orders-2' }), names({ pod: 'orders-3' }), names({ pod: 'bank-2' })], [[], [], []]);
  assert.deepEqual(names({ node: 'node-1' }), ['bank-1']);
});

test('a service is the Deployments of its scope whose pods bear its label', () => {
  const found = deploymentsOf({ service: 'bank' }, 'shop', world).map(({ metadata }) => metadata.namespace);
  assert.deepEqual([found, deploymentsOf({ pod: 'bank-1' }, 'shop', world)], [['bank'], []]);
});

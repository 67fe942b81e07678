import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { openClusterState } from '../apiserver/cluster-state.ts';
import { milliValue } from '../quantity.ts';
import { until } from '../testing/until.ts';
import { nodeResources, registerNode } from './node-registration.ts';

const identity = { name: 'node-1', address: '10.240.0.11', hostAddress: '10.240.0.1', nodes: 3 };

test('a node is known with its addresses, and its Lease is fresh', async () => {
  const { api } = openClusterState();
  const before = Date.now();
  (await registerNode(api, identity))();
  const node = await api.get('Node', 'node-1');
  assert.equal(node.metadata.annotations!['breakwater.dev/host-ip'], '10.240.0.1');
  const images = node.metadata.annotations!['breakwater.dev/images']!.split(',');
  assert.ok(images.includes('breakwater/gateway') && images.includes('postgres') && !images.includes('node'));
  assert.equal(node.status!.addresses!.find(({ type }) => type === 'InternalIP')!.address, '10.240.0.11');
  const lease = await api.get('Lease', 'node-1', 'kube-node-lease');
  assert.ok(Date.parse(lease.spec!.renewTime!) >= before);
});

test('a node that was taken for lost is Ready again with the next renewal', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { api } = openClusterState();
  const stop = await registerNode(api, identity);
  const readiness = async () => {
    const node = await api.get('Node', 'node-1');
    return node.status!.conditions!.find(({ type }) => type === 'Ready')!.status;
  };
  const lost = { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } };
  await api.patch('Node', 'node-1', undefined, lost, 'status');
  assert.equal(await readiness(), 'Unknown');
  t.mock.timers.tick(10_000);
  await until('the node is Ready', async () => (await readiness()) === 'True');
  stop();
});

test('a kubelet that registers again makes its node Ready, and what people said of it stays', async () => {
  const { api } = openClusterState();
  (await registerNode(api, identity))();
  await api.patch('Node', 'node-1', undefined, { spec: { unschedulable: true } });
  await api.patch(
    'Node',
    'node-1',
    undefined,
    { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } },
    'status',
  );
  (await registerNode(api, identity))();
  const node = await api.get('Node', 'node-1');
  assert.equal(node.status!.conditions!.find(({ type }) => type === 'Ready')!.status, 'True');
  assert.equal(node.spec!.unschedulable, true);
});

test('nodes share the machine: together they have no more CPU than it has', () => {
  for (const nodes of [1, 3, 7]) {
    const all = milliValue(nodeResources(nodes).cpu) * nodes;
    const machine = availableParallelism() * 1000;
    assert.ok(all <= machine && all > machine - nodes, `${nodes} nodes have ${all}m of ${machine}m`);
  }
});

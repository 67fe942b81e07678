import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClusterError } from '../../cluster/client/errors.ts';
import type { Pod } from '../../cluster/client/objects.ts';
import type { Metric } from '../contract/metrics.ts';
import { LogAgentsView } from './log-agents.ts';

const agent = { name: 'log-agent', env: [{ name: 'LOG_DELIVERY', value: 'buffered' }] };
const pod = (name: string, second: number, spec: object): Pod => ({
  metadata: { name, creationTimestamp: `2026-01-01T00:00:0${second}Z` },
  spec: { nodeName: 'node-1', containers: [{ name: 'service' }], ...spec },
});
const sidecar = (name: string, second = 1) => pod(name, second, { initContainers: [agent] });
const ofNode = (name: string, second = 1) => pod(name, second, { containers: [agent] });
const usage = (name: string, cpu: string, memory: string) => ({
  metadata: { name },
  containers: [
    { name: 'service', usage: { cpu: '1', memory: '1Gi' } },
    { name: 'log-agent', usage: { cpu, memory } },
  ],
});
const metric = (of: string, what: string, value: number) =>
  ({ pod: of, name: `log_agent.lines.${what}`, points: [{ value: 0 }, { value }] }) as Metric;

function view(pods: Pod[], usages: object[] | ClusterError, metrics: Metric[] = []) {
  const list = async () => {
    if (usages instanceof ClusterError) throw usages;
    return usages;
  };
  const cluster = { list, view: { pods: { list: () => pods } } } as never;
  return new LogAgentsView({ cluster, metrics: () => metrics }).read();
}

test('without agents there is no collection', async () => {
  const { collection, agents } = await view([pod('orders-1', 1, {})], []);
  assert.deepEqual([collection, agents], ['none', []]);
});

test('of sidecars: what each uses and has lost, of agents alone, and of how many pods', async () => {
  const found = await view(
    [sidecar('orders-1'), sidecar('gateway-1'), pod('users-1', 1, {})],
    [usage('orders-1', '12500000n', '22528Ki'), usage('gateway-1', '10m', '24Mi')],
    [metric('orders-1', 'shipped', 90), metric('orders-1', 'dropped', 4)],
  );
  assert.deepEqual([found.collection, found.delivery, found.pods], ['sidecar', 'buffered', 2]);
  assert.deepEqual(found.agents[0], {
    ...{ pod: 'orders-1', node: 'node-1', cpuMillis: 12.5, memoryMb: 22 },
    lines: { read: 0, shipped: 90, dropped: 4, buffered: 0 },
  });
  assert.deepEqual(found.total, { cpuMillis: 22.5, memoryMb: 46 });
});

test('of node agents: all other pods are theirs; while pods roll, the newer way counts', async () => {
  const found = await view([sidecar('orders-1'), ofNode('log-agent-1', 2), pod('users-1', 1, {})], []);
  assert.deepEqual([found.collection, found.agents.length, found.pods, found.total], ['daemonset', 1, 2, null]);
});

test('a cluster that measures nothing says so', async () => {
  const refusal = new ClusterError('not-found', 'there is no PodMetrics');
  const { agents, problem } = await view([sidecar('orders-1')], refusal);
  assert.equal(agents[0]?.memoryMb, null);
  assert.match(problem!, /not known: there is no PodMetrics/);
});

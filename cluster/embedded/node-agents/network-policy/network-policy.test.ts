import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NetworkPolicy, Pod } from '../../kinds/types.ts';
import type { PodNetwork, PodPolicy } from '../../network/pod-network.ts';
import { emptyCluster, podTemplate } from '../../testing/controller-fixture.ts';
import { until } from '../../testing/until.ts';
import { startNetworkPolicyAgent } from './network-policy.ts';

test('policies are told when they, pods or their labels change, and only then', async (t) => {
  const api = await emptyCluster();
  const told: PodPolicy[][] = [];
  const network = { setPolicies: (policies: PodPolicy[]) => told.push(policies) } as unknown as PodNetwork;
  const agent = startNetworkPolicyAgent({ api, network, hostAddress: '10.240.0.1' });
  t.after(() => agent.close());
  const { metadata, spec } = podTemplate();
  const pod = await api.create('Pod', { metadata: { ...metadata, name: 'web', namespace: 'shop' }, spec } as Pod);
  const policy: NetworkPolicy = {
    metadata: { name: 'closed', namespace: 'shop' },
    spec: { podSelector: { matchLabels: { app: 'web' } } },
  };
  await api.create('NetworkPolicy', policy);
  await until('the pod is isolated', () => told.at(-1)?.[0]?.pods[0] === pod.metadata.uid);
  assert.deepEqual(told.at(-1), [{ pods: [pod.metadata.uid], ingress: [] }]);
  const times = told.length;
  await api.patch('Pod', 'web', 'shop', { metadata: { annotations: { note: 'nothing of interest' } } });
  await api.patch('Pod', 'web', 'shop', { metadata: { labels: { app: 'other' } } });
  await until('it is not any more', () => told.at(-1)?.[0]?.pods.length === 0);
  assert.equal(told.length, times + 1);
});

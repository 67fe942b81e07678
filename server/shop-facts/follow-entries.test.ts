import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cluster } from '../../cluster/client/cluster.ts';
import type { Deployment } from '../../cluster/client/objects.ts';
import { followEntries } from './follow-entries.ts';

test('where customers enter is told at once, and again when a manifest says otherwise', () => {
  const deployments: Deployment[] = [];
  let changed = () => assert.fail('nobody listens');
  const cluster = {
    view: { deployments: { list: () => deployments } },
    on: (_event: 'change', listener: () => void) => (changed = listener as never),
  } as unknown as Cluster;
  const told: string[][] = [];
  followEntries(cluster, { setEntries: (services) => told.push(services) });
  const annotations = { 'breakwater.dev/entry': 'true' };
  deployments.push(
    { metadata: { name: 'door', annotations } } as Deployment,
    { metadata: { name: 'hall' } } as Deployment,
  );
  changed();
  assert.deepEqual(told, [[], ['door']]);
});

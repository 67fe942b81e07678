import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openClusterState } from '../apiserver/cluster-state.ts';
import type { Node, Pod } from '../kinds/types.ts';
import { schedule } from './scheduler.ts';

async function withPod() {
  const { api } = openClusterState();
  const containers = [{ name: 'a', image: 'node:24' }];
  await api.create('Pod', { metadata: { name: 'web', namespace: 'default' }, spec: { containers } } as Pod);
  const noted: string[] = [];
  const recorder = {
    event: (_subject: object, _type: string, reason: string, message: string) =>
      void noted.push(`${reason}: ${message}`),
    flush: async () => {},
  };
  return { api, noted, reconcile: () => schedule(api, recorder, 'default/web') };
}

const conditions = [{ type: 'Ready', status: 'True' }];

test('a pending pod is bound to a node that may take it', async () => {
  const { api, noted, reconcile } = await withPod();
  await api.create('Node', { metadata: { name: 'node-1' }, status: { conditions } } as Node);
  await api.patch('Node', 'node-1', undefined, { status: { conditions } }, 'status');
  await reconcile();
  assert.equal((await api.get('Pod', 'web', 'default')).spec!.nodeName, 'node-1');
  assert.deepEqual(noted, ['Scheduled: Successfully assigned default/web to node-1']);
});

test('a pod that fits nowhere says why, and is tried again', async () => {
  const { api, noted, reconcile } = await withPod();
  assert.equal(typeof (await reconcile()), 'number');
  const { status } = await api.get('Pod', 'web', 'default');
  const scheduled = status!.conditions!.find(({ type }) => type === 'PodScheduled');
  assert.deepEqual([scheduled?.status, scheduled?.reason], ['False', 'Unschedulable']);
  assert.deepEqual(noted, ['FailedScheduling: no nodes available to schedule pods']);
});

test('with nothing to do it writes nothing', async () => {
  const { api, reconcile } = await withPod();
  await api.bind('web', 'default', 'node-1');
  const before = (await api.list('Pod')).resourceVersion;
  assert.equal(await reconcile(), undefined);
  assert.equal((await api.list('Pod')).resourceVersion, before);
});

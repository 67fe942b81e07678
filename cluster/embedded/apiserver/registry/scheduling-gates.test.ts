import { deepEqual, equal, rejects } from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { schedule } from '../../scheduler/scheduler.ts';
import { openClusterState } from '../cluster-state.ts';
import { podOf } from '../testing/objects.ts';

const gates = [{ name: 'example.com/one' }, { name: 'example.com/two' }];

async function gatedPod(t: TestContext) {
  const { api, close } = openClusterState();
  t.after(close);
  await api.create('Namespace', { metadata: { name: 'shop' } });
  return { api, pod: await api.create('Pod', podOf('gated', { schedulingGates: gates })) };
}

describe('the gates of a pod', () => {
  it('are told of in its status', async (t) => {
    const { pod } = await gatedPod(t);
    const { type, status, reason } = pod.status!.conditions![0]!;
    deepEqual([type, status, reason], ['PodScheduled', 'False', 'SchedulingGated']);
  });

  it('can be opened one by one, and none can be added', async (t) => {
    const { api } = await gatedPod(t);
    const set = (schedulingGates: object[] | null) => api.patch('Pod', 'gated', 'shop', { spec: { schedulingGates } });
    deepEqual((await set([gates[1]!])).spec!.schedulingGates, [gates[1]]);
    const message = /only deletion is allowed, but found new scheduling gate 'example.com\/one'/;
    await rejects(set(gates), { code: 'Invalid', message });
    equal((await set(null)).spec!.schedulingGates, undefined);
    await schedule(api, { event: () => {}, flush: () => Promise.resolve() }, 'shop/gated');
    equal((await api.get('Pod', 'gated', 'shop')).status?.conditions?.[0]?.reason, 'Unschedulable');
  });

  it('cannot be those of a pod that has a node', async (t) => {
    const { api } = await gatedPod(t);
    const pod = podOf('bound', { schedulingGates: gates, nodeName: 'n1' });
    await rejects(api.create('Pod', pod), { code: 'Invalid', message: /spec\.nodeName: Forbidden/ });
  });
});

import { deepEqual, equal } from 'node:assert/strict';
import { it } from 'node:test';
import type { Pod } from '../kinds/types.ts';
import { emptyCluster, podTemplate } from '../testing/controller-fixture.ts';
import { startEventRecorder } from './events.ts';

async function cluster() {
  const api = await emptyCluster();
  const { metadata, spec } = podTemplate();
  const pod = await api.create('Pod', { metadata: { ...metadata, name: 'web', namespace: 'shop' }, spec } as Pod);
  return { api, pod, recorder: startEventRecorder(api, 'kubelet', 'node-1') };
}

it('an event that comes again is counted', async () => {
  const { api, pod, recorder } = await cluster();
  for (const _ of [1, 2]) recorder.event({ object: pod }, 'Warning', 'BackOff', 'Back-off restarting failed container');
  await recorder.flush();
  const { items } = await api.list('Event', { namespace: 'shop' });
  deepEqual(
    items.map(({ reason, count }) => [reason, count]),
    [['BackOff', 2]],
  );
});

it('no word is lost about events of a namespace that ends or has ended; one that is refused otherwise is told', async (t) => {
  const { mock } = t.mock.method(console, 'error', () => undefined);
  const { api, pod, recorder } = await cluster();
  const said = async (object: Pod) => {
    recorder.event({ object }, 'Normal', 'Killing', 'Stopping container main');
    await recorder.flush();
    return mock.callCount();
  };
  await api.delete('Namespace', 'shop');
  equal(await said(pod), 0);
  equal(await said({ ...pod, metadata: { ...pod.metadata, namespace: 'gone' } }), 0);
  equal(await said({ ...pod, metadata: { ...pod.metadata, name: 'no/name', namespace: 'default' } }), 1);
});

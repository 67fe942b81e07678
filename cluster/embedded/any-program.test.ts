import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killed, newHome, removeHome, startClusterProcess } from './testing/cluster-process.ts';
import { script } from './testing/manifests.ts';
import { until } from './testing/until.ts';

test('a program that stands in a manifest does not run, and its pod says how to permit it', async (t) => {
  const home = newHome();
  const cluster = await startClusterProcess(home, false);
  t.after(async () => {
    await killed(cluster);
    removeHome(home);
  });
  await cluster.objects.create(script('shell', `require('node:child_process').execSync('id')`));
  const waiting = await until('the pod waits', async () => {
    const { status } = await cluster.core.readNamespacedPod({ name: 'shell', namespace: 'default' });
    const state = status?.containerStatuses?.[0]?.state;
    assert.equal(state?.running ?? state?.terminated, undefined, 'it has run');
    return state?.waiting?.reason === 'ContainerCreating' ? null : state?.waiting;
  });
  assert.match(waiting.reason!, /^(ErrImagePull|ImagePullBackOff)$/);
  assert.match(waiting.message!, /"node:24".*BREAKWATER_ANY_PROGRAM=yes/);
});

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Pod } from '../kinds/types.ts';
import { orNull } from '../reconcile/api-errors.ts';
import { emptyCluster, noteEvents, podTemplate } from '../testing/controller-fixture.ts';
import { until } from '../testing/until.ts';
import { runPod, type PodHost } from './pod-runner.ts';

/** A pod on a node whose network never gives it an address, so that none of its containers is started. */
async function waitingPod(t: TestContext) {
  const home = mkdtempSync(join(tmpdir(), 'pod-runner-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const api = await emptyCluster();
  const spec = { ...podTemplate().spec, nodeName: 'node-1' };
  const pod = await api.create('Pod', { metadata: { name: 'web', namespace: 'shop' }, spec } as Pod);
  const volume = join(home, 'pods', pod.metadata.uid!, 'volumes', 'scratch');
  const log = join(home, 'logs', 'nodes', 'node-1', 'pods', `shop_web_${pod.metadata.uid}`, 'web');
  for (const folder of [volume, log]) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'file'), 'x');
  }
  const runner = runPod(
    {
      ...{ api, home, nodeName: 'node-1', hostIP: '10.240.0.11', anyProgram: true, recorder: noteEvents() },
      network: { attach: () => new Promise(() => {}), detach: async () => {} },
      volumes: { tearDown: async () => {} },
    } as unknown as PodHost,
    pod,
  );
  return { api, runner, volume, log };
}

test('a pod whose end cannot be told is let go of as soon as it can', async (t) => {
  const { api, runner, volume, log } = await waitingPod(t);
  await api.delete('Pod', 'web', 'shop', { gracePeriodSeconds: 30 });
  const remove = t.mock.method(api, 'delete');
  // As on a full disk.
  remove.mock.mockImplementationOnce(() => Promise.reject(new Error('no space left')));
  const told = t.mock.method(console, 'error', () => {});
  runner.update(await api.get('Pod', 'web', 'shop'));
  await until('it is gone', async () => (await orNull(api.get('Pod', 'web', 'shop'))) === null);
  assert.equal(remove.mock.callCount(), 2);
  assert.equal(told.mock.callCount(), 1);
  assert.ok(!existsSync(volume) && !existsSync(log));
});

test('a pod that is over gives back its volumes, and keeps its log', async (t) => {
  const { api, runner, volume, log } = await waitingPod(t);
  runner.evict('Usage of EmptyDir volume "scratch" exceeds the limit "1Mi". ');
  await until('it has failed', async () => (await api.get('Pod', 'web', 'shop')).status?.reason === 'Evicted');
  await until('its volume is gone', () => !existsSync(volume));
  assert.ok(existsSync(log));
});

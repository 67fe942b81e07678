import { deepEqual, equal, rejects } from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { deploymentOf, podOf } from '../testing/objects.ts';
import { testServer } from '../testing/test-server.ts';

const DEPLOYMENT = '/apis/apps/v1/namespaces/shop/deployments/web';

async function serverWithWeb(t: TestContext) {
  const server = await testServer(t);
  await server.api.create('Deployment', deploymentOf('web'));
  return server;
}

describe('a deletion that has begun', () => {
  it('goes by the policy of the latest one that names a policy', async (t) => {
    const { send } = await serverWithWeb(t);
    const finalizers = async (body: object) => (await send('DELETE', DEPLOYMENT, body)).json().metadata?.finalizers;
    deepEqual(await finalizers({ propagationPolicy: 'Foreground' }), ['foregroundDeletion']);
    const begun = (await send('GET', DEPLOYMENT)).json().metadata;
    deepEqual(await finalizers({}), ['foregroundDeletion']);
    deepEqual(await finalizers({ propagationPolicy: 'Orphan' }), ['orphan']);
    const { deletionTimestamp, generation } = (await send('GET', DEPLOYMENT)).json().metadata;
    deepEqual([deletionTimestamp, generation], [begun.deletionTimestamp, begun.generation]);
    await finalizers({ propagationPolicy: 'Background' });
    equal((await send('GET', DEPLOYMENT)).status, 404);
  });

  it('keeps the finalizers of others, whatever the policy', async (t) => {
    const { send, api } = await serverWithWeb(t);
    await api.patch('Deployment', 'web', 'shop', { metadata: { finalizers: ['example.com/mine'] } });
    const deleted = async (orphanDependents: boolean) =>
      (await send('DELETE', DEPLOYMENT, { orphanDependents })).json().metadata.finalizers;
    deepEqual(await deleted(true), ['example.com/mine', 'orphan']);
    deepEqual(await deleted(false), ['example.com/mine']);
  });
});

describe('a deletion', () => {
  it('of a pod with a grace without end has one, and can be hastened', async (t) => {
    const { api } = await testServer(t);
    await api.create('Pod', podOf('slow', { nodeName: 'n1', terminationGracePeriodSeconds: 1e15 }));
    await api.delete('Pod', 'slow', 'shop');
    equal((await api.get('Pod', 'slow', 'shop')).metadata.deletionGracePeriodSeconds, 2 ** 31);
    await api.delete('Pod', 'slow', 'shop', { gracePeriodSeconds: 5 });
    const { deletionTimestamp, deletionGracePeriodSeconds } = (await api.get('Pod', 'slow', 'shop')).metadata;
    equal(deletionGracePeriodSeconds, 5);
    equal(Math.abs(Date.parse(deletionTimestamp!) - Date.now()) < 60_000, true);
    await api.delete('Pod', 'slow', 'shop', { gracePeriodSeconds: 0 });
    await rejects(api.get('Pod', 'slow', 'shop'), { code: 'NotFound' });
  });

  it('with a dry run of some kind in its body deletes nothing', async (t) => {
    const { send } = await serverWithWeb(t);
    equal((await send('DELETE', DEPLOYMENT, { dryRun: ['all'] })).status, 422);
    equal((await send('DELETE', DEPLOYMENT, { dryRun: ['All'] })).status, 200);
    equal((await send('GET', DEPLOYMENT)).json().metadata.deletionTimestamp, undefined);
  });
});

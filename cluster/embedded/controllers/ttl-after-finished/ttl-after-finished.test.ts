import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Api } from '../../apiserver/api.ts';
import { timestamp } from '../../kinds/timestamp.ts';
import type { Job } from '../../kinds/types.ts';
import { orNull } from '../../reconcile/api-errors.ts';
import {
  emptyCluster,
  podTemplate,
  revision,
  testContext,
  type TestContext,
} from '../../testing/controller-fixture.ts';
import { expireJob } from './ttl-after-finished.ts';

async function createJob(condition?: string): Promise<{ api: Api; context: TestContext }> {
  const api = await emptyCluster();
  const context = testContext(api);
  const { metadata, spec } = podTemplate();
  const template = { metadata, spec: { ...spec, restartPolicy: 'Never' } };
  const job = { metadata: { name: 'work', namespace: 'shop' }, spec: { ttlSecondsAfterFinished: 60, template } } as Job;
  const made = await api.create('Job', job);
  const ended = { type: condition!, status: 'True', lastTransitionTime: timestamp(context.now()) };
  if (condition) await api.updateStatus('Job', { ...made, status: { conditions: [ended] } });
  return { api, context };
}

const find = (api: Api) => orNull(api.get('Job', 'work', 'shop'));

for (const condition of ['Complete', 'Failed']) {
  test(`a Job that is ${condition} goes when its time has passed`, async () => {
    const { api, context } = await createJob(condition);
    const wait = await expireJob(context, 'shop/work');
    assert.ok(wait! > 58_000 && wait! <= 60_000);
    assert.ok(await find(api));
    context.pass(60);
    await expireJob(context, 'shop/work');
    const left = await find(api);
    assert.ok(!left || left.metadata.deletionTimestamp);
  });
}

test('a Job that has not ended, and one whose time has not come, are left alone', async () => {
  for (const condition of [undefined, 'Complete']) {
    const { api, context } = await createJob(condition);
    const before = await revision(api);
    await expireJob(context, 'shop/work');
    assert.equal(await revision(api), before);
  }
});

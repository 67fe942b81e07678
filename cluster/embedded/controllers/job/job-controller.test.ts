import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timestamp } from '../../kinds/timestamp.ts';
import { revision, run } from '../../testing/controller-fixture.ts';
import { indexOf } from './indexes.ts';
import { conditions, finish, finishAll, pods, running, startJob, statusOf } from './testing/started-job.ts';

test('a Job is complete when its pod has succeeded, and says when', async () => {
  const started = await startJob();
  const { api, context } = started;
  assert.equal((await pods(api)).length, 1);
  assert.equal((await statusOf(api)).active, 1);
  assert.equal((await statusOf(api)).startTime, timestamp(context.now()));
  context.pass(5);
  await finishAll(started, 'Succeeded');
  assert.deepEqual(await conditions(api), [
    'SuccessCriteriaMet True CompletionsReached',
    'Complete True CompletionsReached',
  ]);
  const { succeeded, active, completionTime } = await statusOf(api);
  assert.deepEqual([succeeded, active, completionTime], [1, undefined, timestamp(context.now())]);
  assert.deepEqual((await pods(api))[0]!.metadata.finalizers ?? [], []);
  assert.ok(context.events.noted.includes('Completed: Job completed'));
});

test('no more pods run at once than parallelism, nor than completions are missing', async () => {
  const started = await startJob({ completions: 3, parallelism: 2 });
  assert.equal((await running(started.api)).length, 2);
  await finishAll(started, 'Succeeded');
  assert.equal((await running(started.api)).length, 1);
  await finishAll(started, 'Succeeded');
  assert.equal((await statusOf(started.api)).succeeded, 3);
  assert.equal((await pods(started.api)).length, 3);
});

test('without completions a success starts no more pods, and the Job is over when the others have ended', async () => {
  const started = await startJob({ parallelism: 2 });
  const { api } = started;
  await finish(started, (await running(api))[0]!, 'Succeeded');
  await started.reconcile();
  assert.equal((await running(api)).length, 1);
  assert.deepEqual(await conditions(api), []);
  await finishAll(started, 'Succeeded');
  assert.ok((await conditions(api)).includes('Complete True CompletionsReached'));
});

test('less parallelism ends pods, those that are not ready first, and counts them as nothing', async () => {
  const { api, reconcile } = await startJob({ completions: 5, parallelism: 2 });
  const [first, second] = await pods(api);
  await run(api, first!, true);
  await api.patch('Job', 'work', 'shop', { spec: { parallelism: 1 } });
  await reconcile();
  const left = (await pods(api)).map(({ metadata }) => metadata.name);
  assert.deepEqual(left, [first!.metadata.name]);
  assert.ok(!left.includes(second!.metadata.name));
  assert.equal((await statusOf(api)).failed ?? 0, 0);
});

test('of an Indexed Job each part has a pod of its own, until it has succeeded', async () => {
  const started = await startJob({ completionMode: 'Indexed', completions: 4, parallelism: 3 });
  const { api, context, reconcile } = started;
  const indexes = async () => (await running(api)).map(indexOf).sort();
  assert.deepEqual(await indexes(), [0, 1, 2]);
  const [pod] = (await running(api)).filter((one) => indexOf(one) === 1);
  assert.equal(pod!.spec!.hostname, 'work-1');
  assert.ok(pod!.metadata.name.startsWith('work-1-'));
  assert.ok(pod!.spec!.containers[0]!.env!.some(({ name }) => name === 'JOB_COMPLETION_INDEX'));
  for (const one of await running(api)) await finish(started, one, indexOf(one) === 1 ? 'Failed' : 'Succeeded');
  await reconcile();
  assert.equal((await statusOf(api)).completedIndexes, '0,2');
  context.pass(10);
  await reconcile();
  assert.deepEqual(await indexes(), [1, 3]);
  await finishAll(started, 'Succeeded');
  assert.equal((await statusOf(api)).completedIndexes, '0-3');
  assert.ok((await conditions(api)).includes('Complete True CompletionsReached'));
});

test('a suspended Job has no pods and no start; when it goes on it starts anew', async () => {
  const { api, context, reconcile } = await startJob({ activeDeadlineSeconds: 30 });
  await api.patch('Job', 'work', 'shop', { spec: { suspend: true } });
  await reconcile();
  assert.equal((await pods(api)).length, 0);
  assert.deepEqual(await conditions(api), ['Suspended True JobSuspended']);
  assert.equal((await statusOf(api)).startTime, undefined);
  context.pass(60);
  await api.patch('Job', 'work', 'shop', { spec: { suspend: false } });
  await reconcile();
  assert.deepEqual(await conditions(api), ['Suspended False JobResumed']);
  assert.equal((await statusOf(api)).startTime, timestamp(context.now()));
  assert.equal((await pods(api)).length, 1);
  assert.deepEqual(
    context.events.noted.filter((event) => !/Created|Deleted/.test(event)),
    ['Suspended: Job suspended', 'Resumed: Job resumed'],
  );
});

test('the pods of a Job that is gone are let go of', async () => {
  const { api, reconcile } = await startJob();
  await api.delete('Job', 'work', 'shop', { propagationPolicy: 'Orphan' });
  const job = await api.get('Job', 'work', 'shop').catch(() => null);
  if (job) await api.patch('Job', 'work', 'shop', { metadata: { finalizers: [] } });
  await reconcile();
  assert.deepEqual(
    (await pods(api)).map(({ metadata }) => metadata.finalizers ?? []),
    [[]],
  );
});

test('a Job that goes on as it should, one that is suspended and one that is over are left alone', async () => {
  const working = await startJob({ parallelism: 2, completions: 2 });
  const suspended = await startJob({ suspend: true });
  const over = await startJob();
  await finishAll(over, 'Succeeded');
  for (const { api, reconcile } of [working, suspended, over]) {
    const before = await revision(api);
    await reconcile();
    assert.equal(await revision(api), before);
  }
});

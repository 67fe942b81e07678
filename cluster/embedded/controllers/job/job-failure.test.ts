import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conditions, finish, finishAll, jobOf, pods, running, startJob, statusOf } from './testing/started-job.ts';

test('after a failure the next pod waits for 10 s, then twice as long each time', async () => {
  const started = await startJob();
  const { api, context, reconcile } = started;
  for (const seconds of [10, 20, 40]) {
    const wait = await finishAll(started, 'Failed');
    assert.ok(wait! > (seconds - 1) * 1000 && wait! <= seconds * 1000, `${wait} ms`);
    assert.equal((await running(api)).length, 0);
    context.pass(seconds);
    await reconcile();
    assert.equal((await running(api)).length, 1);
  }
  assert.equal((await statusOf(api)).failed, 3);
});

test('a Job fails when more pods have failed than backoffLimit', async () => {
  const started = await startJob({ backoffLimit: 1 });
  const { api, context, reconcile } = started;
  await finishAll(started, 'Failed');
  context.pass(10);
  await reconcile();
  await finishAll(started, 'Failed');
  assert.deepEqual(await conditions(api), [
    'FailureTarget True BackoffLimitExceeded',
    'Failed True BackoffLimitExceeded',
  ]);
  assert.equal((await statusOf(api)).failed, 2);
  assert.match(context.events.noted.at(-1)!, /^BackoffLimitExceeded: /);
});

test('with OnFailure the restarts in place count towards backoffLimit', async () => {
  const { api, reconcile } = await startJob({ backoffLimit: 2 }, 'OnFailure');
  const name = (await pods(api))[0]!.metadata.name;
  const restarted = (restartCount: number) =>
    api.patch(
      'Pod',
      name,
      'shop',
      { status: { containerStatuses: [{ name: 'web', restartCount }] } } as object,
      'status',
    );
  await restarted(1);
  await reconcile();
  assert.deepEqual(await conditions(api), []);
  await restarted(2);
  await reconcile();
  await reconcile();
  assert.ok((await conditions(api)).includes('Failed True BackoffLimitExceeded'));
  assert.equal((await pods(api)).length, 0);
});

test('a Job that is active longer than its deadline fails, and its pods end', async () => {
  const { api, context, reconcile } = await startJob({ activeDeadlineSeconds: 30 });
  const wait = await reconcile();
  assert.ok(wait! > 28_000 && wait! <= 30_000);
  context.pass(30);
  await reconcile();
  await reconcile();
  assert.ok((await conditions(api)).includes('Failed True DeadlineExceeded'));
  assert.equal((await pods(api)).length, 0);
});

test('an end is counted once, wherever between the steps of counting the controller dies', async () => {
  const started = await startJob({ completions: 2, parallelism: 2 });
  const { api, reconcile } = started;
  const [first] = await running(api);
  await finish(started, first!, 'Succeeded');
  // The status has noted the end; the finalizer and the count are still as they were.
  const job = await jobOf(api);
  const uncountedTerminatedPods = { succeeded: [first!.metadata.uid!] };
  await api.updateStatus('Job', { ...job, status: { ...job.status, uncountedTerminatedPods } });
  await reconcile();
  assert.equal((await statusOf(api)).succeeded, 1);
  // The finalizer is gone as well, and the pod with it.
  const [second] = await running(api);
  const noted = await jobOf(api);
  await api.patch('Pod', second!.metadata.name, 'shop', { metadata: { finalizers: [] } });
  await api.delete('Pod', second!.metadata.name, 'shop', {});
  const left = { ...noted.status, uncountedTerminatedPods: { succeeded: [second!.metadata.uid!] } };
  await api.updateStatus('Job', { ...noted, status: left });
  await reconcile();
  assert.equal((await statusOf(api)).succeeded, 2);
});

test('a pod that somebody deletes counts as failed, and another one comes', async () => {
  const { api, context, reconcile } = await startJob();
  const [pod] = await pods(api);
  await api.delete('Pod', pod!.metadata.name, 'shop', {});
  await reconcile();
  assert.equal((await statusOf(api)).failed, 1);
  context.pass(10);
  await reconcile();
  assert.deepEqual((await running(api)).length, 1);
});

const onCode = (action: string, code: number) => ({ action, onExitCodes: { operator: 'In', values: [code] } });
const withPolicy = (...rules: object[]) => startJob({ backoffLimit: 0, podFailurePolicy: { rules } });

test('a failure that its policy calls fatal ends the Job at once, and says which one it was', async () => {
  const started = await startJob({ podFailurePolicy: { rules: [onCode('Ignore', 7), onCode('FailJob', 1)] } });
  const [pod] = await running(started.api);
  await finishAll(started, 'Failed');
  assert.ok((await conditions(started.api)).includes('Failed True PodFailurePolicy'));
  const message = (await statusOf(started.api)).conditions![0]!.message;
  const where = `Container web for pod shop/${pod!.metadata.name}`;
  assert.equal(message, `${where} failed with exit code 1 matching FailJob rule at index 1`);
  assert.equal((await statusOf(started.api)).failed, 1);
});

test('a failure that its policy ignores counts for nothing, and the next pod comes at once', async () => {
  const started = await withPolicy(onCode('Ignore', 1));
  const { api } = started;
  const [pod] = await running(api);
  await finishAll(started, 'Failed');
  assert.deepEqual(await conditions(api), []);
  assert.equal((await statusOf(api)).failed, undefined);
  assert.equal((await running(api)).length, 1);
  const left = await api.get('Pod', pod!.metadata.name, 'shop');
  assert.equal(left.metadata.finalizers, undefined);
});

test('the first rule that applies counts, by exit code or by condition of the pod; without one it is a failure', async () => {
  const disrupted = { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] };
  const started = await withPolicy(onCode('Count', 2), disrupted, { ...onCode('Ignore', 1) });
  const { api } = started;
  const [pod] = await running(api);
  const conditionsOfPod = [{ type: 'DisruptionTarget', status: 'True' }];
  await api.patch('Pod', pod!.metadata.name, 'shop', { status: { conditions: conditionsOfPod } } as object, 'status');
  await finishAll(started, 'Failed');
  assert.deepEqual(await conditions(api), []);
  const counted = await withPolicy(onCode('Count', 1), onCode('Ignore', 1));
  await finishAll(counted, 'Failed');
  assert.ok((await conditions(counted.api)).includes('Failed True BackoffLimitExceeded'));
});

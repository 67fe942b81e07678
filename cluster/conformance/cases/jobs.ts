import assert from 'node:assert/strict';
import type { Json } from '../api.ts';
import { topic, type World } from '../case.ts';
import { eventually } from '../eventually.ts';
import { ok } from '../expect.ts';
import { idle, job } from '../objects.ts';

const some = async ({ api, batch }: World) => ok(await api.get(batch('jobs/some')));
const podsOf = async ({ api, core }: World): Promise<Json[]> =>
  ok(await api.get(core('pods?labelSelector=job-name%3Dsome'))).items;
const condition = ({ status }: Json, type: string) => status.conditions?.find((one: Json) => one.type === type);
const create = async ({ api, batch }: World, code: string, spec: object = {}, podSpec: object = {}) =>
  ok(await api.post(batch('jobs'), job('some', code, spec, podSpec)));

/** The Job, once its condition `Complete` or `Failed` is true. */
const ended = (world: World, type: 'Complete' | 'Failed') =>
  eventually(`it is ${type}`, async () => {
    const one = await some(world);
    return condition(one, type)?.status === 'True' && one;
  });

/** What a Job makes of its pods (kubernetes.io: Jobs). */
export const jobs = topic('jobs', {
  'it is complete when its pod has succeeded': async (world) => {
    await create(world, '');
    const { status } = await ended(world, 'Complete');
    assert.deepEqual([status.succeeded, status.active, status.failed], [1, undefined, undefined]);
    assert.equal(condition({ status }, 'SuccessCriteriaMet').status, 'True');
    assert.ok(Date.parse(status.completionTime) >= Date.parse(status.startTime));
    const [pod] = await podsOf(world);
    assert.equal(pod!.status.phase, 'Succeeded');
    assert.equal(pod!.metadata.finalizers, undefined);
  },
  'an Indexed one has a pod for each part, which knows its own': async (world) => {
    const code = `process.exit(process.env.JOB_COMPLETION_INDEX ? 0 : 1)`;
    await create(world, code, { completionMode: 'Indexed', completions: 3, parallelism: 3 });
    assert.equal((await ended(world, 'Complete')).status.completedIndexes, '0-2');
    const key = 'batch.kubernetes.io/job-completion-index';
    const pods = await podsOf(world);
    assert.deepEqual(pods.map(({ metadata }) => metadata.labels[key]).sort(), ['0', '1', '2']);
    assert.deepEqual(pods.map(({ spec }) => spec.hostname).sort(), ['some-0', 'some-1', 'some-2']);
  },
  'it has failed when more pods have failed than backoffLimit': async (world) => {
    await create(world, 'process.exit(3)', { backoffLimit: 0 });
    const one = await ended(world, 'Failed');
    assert.equal(condition(one, 'Failed').reason, 'BackoffLimitExceeded');
    assert.equal(one.status.failed, 1);
  },
  'it has failed at its deadline, and its pods end': async (world) => {
    await create(world, idle, { activeDeadlineSeconds: 1 });
    assert.equal(condition(await ended(world, 'Failed'), 'Failed').reason, 'DeadlineExceeded');
    await eventually('nothing runs', async () =>
      (await podsOf(world)).every(({ status }) => status.phase !== 'Running'),
    );
  },
  'a policy may call an exit code fatal': async (world) => {
    const rule = { action: 'FailJob', onExitCodes: { containerName: 'main', operator: 'In', values: [42] } };
    await create(world, 'process.exit(42)', { podFailurePolicy: { rules: [rule] } });
    const { status, message } = condition(await ended(world, 'Failed'), 'FailureTarget');
    assert.equal(status, 'True');
    assert.match(message, /^Container main for pod .* failed with exit code 42 matching FailJob rule at index 0$/);
  },
  'a policy may ignore disruptions': async (world) => {
    const { api, core } = world;
    const rule = { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] };
    const failing = `process.on('SIGTERM', () => process.exit(1)); setInterval(() => {}, 1000)`;
    await create(world, failing, { backoffLimit: 0, podFailurePolicy: { rules: [rule] } });
    const first = await eventually('a pod runs', async () => {
      const [pod] = await podsOf(world);
      return pod?.status.phase === 'Running' && pod;
    });
    const { name, uid } = first.metadata;
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name } };
    ok(await api.post(core(`pods/${name}/eviction`), eviction));
    await eventually('another one runs', async () => {
      const others = (await podsOf(world)).filter(({ metadata }) => metadata.uid !== uid);
      return others.some(({ status }) => status.phase === 'Running');
    });
    const { status } = await some(world);
    assert.deepEqual([status.failed, status.conditions], [undefined, undefined]);
  },
  'suspended it has no pods, and goes on when it no longer is': async (world) => {
    await create(world, '', { suspend: true });
    await eventually('it says so', async () => condition(await some(world), 'Suspended')?.status === 'True');
    assert.equal((await podsOf(world)).length, 0);
    assert.equal((await some(world)).status.startTime, undefined);
    ok(await world.api.patch(world.batch('jobs/some'), 'merge', { spec: { suspend: false } }));
    assert.equal(condition(await ended(world, 'Complete'), 'Suspended').status, 'False');
  },
  'suspended midway its pods are deleted': async (world) => {
    await create(world, idle);
    await eventually('a pod', async () => (await podsOf(world)).length === 1);
    ok(await world.api.patch(world.batch('jobs/some'), 'merge', { spec: { suspend: true } }));
    await eventually('none', async () => (await podsOf(world)).length === 0);
    assert.equal((await some(world)).status.failed ?? 0, 0);
  },
  'it goes with its pods once its time has passed': async (world) => {
    await create(world, '', { ttlSecondsAfterFinished: 0 });
    await eventually('it is gone', async () => (await world.api.get(world.batch('jobs/some'))).status === 404);
    await eventually('its pods too', async () => (await podsOf(world)).length === 0);
  },
});

import { timestamp } from '../../kinds/timestamp.ts';
import type { Job, Pod } from '../../kinds/types.ts';
import { orNull } from '../../reconcile/api-errors.ts';
import { findCondition, setCondition } from '../../reconcile/conditions.ts';
import { splitKey } from '../../reconcile/controller.ts';
import { defineController, type Context } from '../../reconcile/define-controller.ts';
import { createPod, deletePod } from '../../reconcile/pod-control.ts';
import { isReady } from '../../reconcile/pod-state.ts';
import { writeStatus } from '../../reconcile/write-status.ts';
import { countEnded } from './count.ts';
import { podFor, podsOf, untrack, untrackOrphans } from './pods.ts';
import { backoff, missingIndexes, tally } from './tally.ts';
import { isFinished, untilDeadline, verdictOf, type Verdict } from './verdict.ts';

type Status = NonNullable<Job['status']>;

/** Runs the pods of a Job until enough of them have succeeded, or too many have failed. */
export const startJobController = defineController({
  name: 'job',
  for: 'Job',
  owns: ['Pod'],
  reconcile: reconcileJob,
});

export async function reconcileJob(context: Context, key: string): Promise<number | void> {
  const { api, now } = context;
  const { namespace, name } = splitKey(key);
  const given = await orNull(api.get('Job', name, namespace));
  if (!given) return untrackOrphans(api, namespace, name);
  if (isFinished(given)) {
    for (const pod of await podsOf(api, given)) await untrack(api, pod);
    return;
  }
  const job = await countEnded(api, given, await podsOf(api, given));
  if (!job) return;
  const pods = await podsOf(api, job);
  const verdict = verdictOf(job, pods, now());
  if (verdict) return end(context, job, pods, verdict);

  const begun = job.spec?.suspend ? suspended(context, job) : started(context, job);
  let wait: number | void = undefined;
  let failure: unknown;
  try {
    if (job.spec?.suspend) await giveUp(context, job, tally(job, pods).active);
    else if (!job.metadata.deletionTimestamp) wait = await bringUp(context, job, pods);
  } catch (error) {
    // The status has to tell how far it came all the same.
    failure = error;
  }
  const written = await writeStatus<'Job'>(api, job, counts(job, await podsOf(api, job), begun));
  if (failure) throw failure as Error;
  const waits = [wait, written && untilDeadline(written, now())].filter((ms) => typeof ms === 'number');
  if (waits.length > 0) return Math.max(0, Math.min(...waits));
}

function started({ now, events }: Context, job: Job): Status {
  const status: Status = { ...job.status };
  if (findCondition(status.conditions, 'Suspended')?.status === 'True') {
    const resumed = { type: 'Suspended', status: 'False', reason: 'JobResumed', message: 'Job resumed' };
    status.conditions = setCondition(status.conditions, resumed, now());
    events.event({ object: job }, 'Normal', 'Resumed', 'Job resumed');
  }
  return { ...status, startTime: status.startTime ?? timestamp(now()) };
}

function suspended({ now, events }: Context, job: Job): Status {
  const { startTime: _, ...status } = job.status ?? {};
  if (findCondition(status.conditions, 'Suspended')?.status === 'True') return status;
  const condition = { type: 'Suspended', status: 'True', reason: 'JobSuspended', message: 'Job suspended' };
  events.event({ object: job }, 'Normal', 'Suspended', 'Job suspended');
  return { ...status, conditions: setCondition(status.conditions, condition, now()) };
}

/** Ends pods that count neither as successes nor as failures. */
async function giveUp(context: Context, job: Job, pods: Pod[]): Promise<void> {
  for (const pod of pods) {
    await untrack(context.api, pod);
    await deletePod(context, job, pod);
  }
}

/** As many pods as the Job wants at once; answers how many ms it has to wait with that after failures. */
async function bringUp(context: Context, job: Job, pods: Pod[]): Promise<number | void> {
  const { active, terminating } = tally(job, pods);
  const { parallelism = 1, completions, completionMode, podReplacementPolicy } = job.spec!;
  const succeeded = job.status?.succeeded ?? 0;
  const wanted =
    completions === undefined
      ? succeeded > 0
        ? Math.min(active.length, parallelism)
        : parallelism
      : Math.min(parallelism, completions - succeeded);
  if (active.length > wanted) {
    const leastUseful = [...active].sort((a, b) => Number(isReady(a)) - Number(isReady(b)));
    return giveUp(context, job, leastUseful.slice(0, active.length - wanted));
  }
  const occupied = active.length + (podReplacementPolicy === 'Failed' ? terminating : 0);
  const missing = Math.max(0, wanted - occupied);
  if (missing === 0) return;
  const wait = backoff(job, pods, context.now());
  if (wait > 0) return wait;
  const indexes: (number | null)[] =
    completionMode === 'Indexed' ? missingIndexes(job, active, missing) : Array<null>(missing).fill(null);
  for (const index of indexes) {
    const { template, prefix } = podFor(job, index);
    await createPod(context, job, template, { generateName: prefix });
  }
}

/** Ends what still runs; the Job is over when the last of its pods is. */
async function end(context: Context, job: Job, pods: Pod[], verdict: Verdict): Promise<void> {
  const { api, now, events } = context;
  const { first, last, reason, message } = verdict;
  const condition = { status: 'True', reason, message };
  const said = setCondition(job.status?.conditions, { type: first, ...condition }, now());
  const noted = await writeStatus<'Job'>(api, job, counts(job, pods, { ...job.status, conditions: said }));
  if (!noted) return;
  for (const pod of tally(noted, pods).active) await deletePod(context, noted, pod);
  const counted = await countEnded(api, noted, await podsOf(api, noted));
  if (!counted) return;
  const left = await podsOf(api, counted);
  const status = counts(counted, left, { ...counted.status });
  if (!status.active && !status.terminating) {
    status.conditions = setCondition(status.conditions, { type: last, ...condition }, now());
    if (last === 'Complete') status.completionTime = timestamp(now());
    if (last === 'Complete') events.event({ object: job }, 'Normal', 'Completed', 'Job completed');
    else events.event({ object: job }, 'Warning', reason, message);
  }
  await writeStatus<'Job'>(api, counted, status);
}

/** Of what there is none, the status says nothing, but for `ready` and `terminating`. */
function counts(job: Job, pods: Pod[], status: Status): Status {
  const { active, ready, terminating } = tally(job, pods);
  return {
    ...status,
    active: active.length || undefined,
    ready,
    terminating,
    uncountedTerminatedPods: status.uncountedTerminatedPods ?? {},
  };
}

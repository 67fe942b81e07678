import type { Job, Pod } from '../../kinds/types.ts';
import { hasEnded, isActive, isReady } from '../../reconcile/pod-state.ts';
import { isIgnored } from './failure-policy.ts';
import { indexOf, parseIndexes } from './indexes.ts';

/** Holds a pod until its end has been counted, whoever deletes it. */
export const trackingFinalizer = 'batch.kubernetes.io/job-tracking';

const firstBackoffMs = 10_000;
const longestBackoffMs = 6 * 60_000;

/** How a Job stands by its pods. */
interface Tally {
  active: Pod[];
  ready: number;
  /** Being deleted and not yet at their end. */
  terminating: number;
  /** Ended, but not yet in the Job's counts. */
  newlySucceeded: Pod[];
  newlyFailed: Pod[];
  /** Failed, which counts for nothing (podFailurePolicy). */
  ignored: Pod[];
}

export function tally(job: Job, pods: Pod[]): Tally {
  const { succeeded = [], failed = [] } = job.status?.uncountedTerminatedPods ?? {};
  const noted = new Set([...succeeded, ...failed]);
  const uncounted = pods.filter((pod) => isTracked(pod) && !noted.has(pod.metadata.uid!));
  const active = pods.filter(isActive);
  return {
    active,
    ready: active.filter(isReady).length,
    terminating: pods.filter((pod) => isEnding(pod)).length,
    newlySucceeded: uncounted.filter(({ status }) => status?.phase === 'Succeeded'),
    newlyFailed: uncounted.filter((pod) => hasFailed(job, pod) && !isIgnored(job, pod)),
    ignored: uncounted.filter((pod) => isIgnored(job, pod)),
  };
}

export function isTracked({ metadata }: Pod): boolean {
  return metadata.finalizers?.includes(trackingFinalizer) ?? false;
}

function isEnding(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp !== undefined && !hasEnded(pod);
}

/** A pod that is deleted counts as failed at once, unless only those that have ended are to be replaced. */
function hasFailed({ spec }: Job, pod: Pod): boolean {
  if (pod.status?.phase === 'Failed') return true;
  if (!isEnding(pod)) return false;
  return spec?.podReplacementPolicy !== 'Failed' || (pod.status?.phase ?? 'Pending') === 'Pending';
}

/** The parts of the work that are done, of an Indexed Job. */
export function completedIndexes(job: Job): Set<number> {
  return parseIndexes(job.status?.completedIndexes);
}

/** The parts of the work to begin now, at most `count`. */
export function missingIndexes(job: Job, active: Pod[], count: number): number[] {
  const taken = new Set([...completedIndexes(job), ...active.map(indexOf)]);
  const missing: number[] = [];
  for (let index = 0; index < (job.spec?.completions ?? 0) && missing.length < count; index++) {
    if (!taken.has(index)) missing.push(index);
  }
  return missing;
}

/** How many ms the next pod has to wait: 10 s after the first failure in a row, twice as long after each other, 6 min at most. */
export function backoff(job: Job, pods: Pod[], now: number): number {
  const ended = pods
    .filter((pod) => hasEnded(pod) && !isIgnored(job, pod))
    .map((pod) => ({ failed: pod.status?.phase === 'Failed', at: endOf(pod) }))
    .sort((a, b) => b.at - a.at);
  const success = ended.findIndex(({ failed }) => !failed);
  const inARow = success === -1 ? ended.length : success;
  if (inARow === 0) return 0;
  const wait = Math.min(firstBackoffMs * 2 ** (inARow - 1), longestBackoffMs);
  return Math.max(0, ended[0]!.at + wait - now);
}

function endOf({ metadata, status }: Pod): number {
  const ends = (status?.containerStatuses ?? []).map(({ state }) => Date.parse(state?.terminated?.finishedAt ?? ''));
  const known = ends.filter((end) => !Number.isNaN(end));
  return known.length > 0 ? Math.max(...known) : Date.parse(metadata.creationTimestamp ?? '');
}

/** Of pods that are restarted in their place (restartPolicy OnFailure), the restarts are the failures. */
export function restarts(active: Pod[]): number {
  return active
    .flatMap(({ status }) => [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])])
    .reduce((sum, { restartCount }) => sum + restartCount, 0);
}

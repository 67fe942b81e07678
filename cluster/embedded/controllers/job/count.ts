import type { Api } from '../../apiserver/api.ts';
import type { Job, Pod } from '../../kinds/types.ts';
import { writeStatus } from '../../reconcile/write-status.ts';
import { formatIndexes, indexOf } from './indexes.ts';
import { podsOf, untrack } from './pods.ts';
import { completedIndexes, isTracked, tally } from './tally.ts';

/**
 * Counts the pods that have ended, each exactly once whenever this process dies: first the status names them, then they lose
 * their finalizer, then they are in its numbers. Answers the Job as it is then; null when it is gone.
 */
export async function countEnded(api: Api, job: Job, pods: Pod[]): Promise<Job | null> {
  const { newlySucceeded, newlyFailed, ignored } = tally(job, pods);
  for (const pod of ignored) await untrack(api, pod);
  const before = job.status?.uncountedTerminatedPods ?? {};
  const uncounted = {
    succeeded: [...(before.succeeded ?? []), ...newlySucceeded.map(({ metadata }) => metadata.uid!)],
    failed: [...(before.failed ?? []), ...newlyFailed.map(({ metadata }) => metadata.uid!)],
  };
  if (uncounted.succeeded.length + uncounted.failed.length === 0) return job;
  const indexes = completedIndexes(job);
  const isIndexed = job.spec?.completionMode === 'Indexed';
  if (isIndexed) {
    for (const index of newlySucceeded.map(indexOf)) {
      if (index !== null && index < (job.spec?.completions ?? 0)) indexes.add(index);
    }
  }
  const noted = await writeStatus<'Job'>(api, job, {
    ...job.status,
    ...(isIndexed && { completedIndexes: formatIndexes(indexes) }),
    uncountedTerminatedPods: withoutEmpty(uncounted),
  });
  if (!noted) return null;
  const ended = new Set([...uncounted.succeeded, ...uncounted.failed]);
  for (const pod of await podsOf(api, noted)) {
    if (isTracked(pod) && ended.has(pod.metadata.uid!)) await untrack(api, pod);
  }
  return writeStatus<'Job'>(api, noted, {
    ...noted.status,
    succeeded: (isIndexed ? indexes.size : (noted.status?.succeeded ?? 0) + uncounted.succeeded.length) || undefined,
    failed: (noted.status?.failed ?? 0) + uncounted.failed.length || undefined,
    uncountedTerminatedPods: {},
  });
}

function withoutEmpty(lists: { succeeded: string[]; failed: string[] }) {
  return Object.fromEntries(Object.entries(lists).filter(([, uids]) => uids.length > 0));
}

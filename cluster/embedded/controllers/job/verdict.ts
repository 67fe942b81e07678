import type { Job, Pod } from '../../kinds/types.ts';
import { findCondition } from '../../reconcile/conditions.ts';
import { consequenceOf } from './failure-policy.ts';
import { restarts, tally } from './tally.ts';

/** How a Job ends. */
export interface Verdict {
  /** The condition that says so while its pods are still ending, and the one when they have. */
  first: 'SuccessCriteriaMet' | 'FailureTarget';
  last: 'Complete' | 'Failed';
  reason: string;
  message: string;
}

const completed: Verdict = {
  first: 'SuccessCriteriaMet',
  last: 'Complete',
  reason: 'CompletionsReached',
  message: 'Reached expected number of succeeded pods',
};

/** Whether a Job is over; null while it goes on. Once said, it stays so. */
export function verdictOf(job: Job, pods: Pod[], now: number): Verdict | null {
  const { conditions, succeeded = 0, failed = 0 } = job.status ?? {};
  for (const [first, last] of [
    ['FailureTarget', 'Failed'],
    ['SuccessCriteriaMet', 'Complete'],
  ] as const) {
    const said = findCondition(conditions, first);
    if (said?.status === 'True') return { first, last, reason: said.reason ?? '', message: said.message ?? '' };
  }
  const fatal = pods.map((pod) => consequenceOf(job, pod)).find((one) => one?.action === 'FailJob');
  if (fatal) return failure('PodFailurePolicy', fatal.message);
  const { completions, backoffLimit = 6, template } = job.spec!;
  const { active } = tally(job, pods);
  const inPlace = template.spec?.restartPolicy === 'OnFailure' ? restarts(active) : 0;
  const tooMany = backoffLimit === 0 ? inPlace > 0 : inPlace >= backoffLimit;
  if (failed > backoffLimit || (inPlace > 0 && tooMany)) {
    return failure('BackoffLimitExceeded', 'Job has reached the specified backoff limit');
  }
  const left = untilDeadline(job, now);
  if (left !== null && left <= 0) {
    return failure('DeadlineExceeded', 'Job was active longer than specified deadline');
  }
  if (job.spec!.suspend) return null;
  const done = completions === undefined ? succeeded > 0 && active.length === 0 : succeeded >= completions;
  return done ? completed : null;
}

function failure(reason: string, message: string): Verdict {
  return { first: 'FailureTarget', last: 'Failed', reason, message };
}

/** Milliseconds until activeDeadlineSeconds have passed; null without one, and while suspended. */
export function untilDeadline({ spec, status }: Job, now: number): number | null {
  if (spec?.activeDeadlineSeconds === undefined || !status?.startTime || spec.suspend) return null;
  return Date.parse(status.startTime) + spec.activeDeadlineSeconds * 1000 - now;
}

export function isFinished({ status }: Job): boolean {
  return (status?.conditions ?? []).some(
    ({ type, status: is }) => is === 'True' && (type === 'Complete' || type === 'Failed'),
  );
}

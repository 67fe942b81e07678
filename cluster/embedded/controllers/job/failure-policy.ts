import type { Job, Pod } from '../../kinds/types.ts';

type Rule = NonNullable<NonNullable<Job['spec']>['podFailurePolicy']>['rules'][number];
type ExitCodes = NonNullable<Rule['onExitCodes']>;

/** What a Job's podFailurePolicy makes of a pod that has failed. */
interface Consequence {
  action: string;
  /** Why, in upstream's words. */
  message: string;
}

/**
 * By the first rule that applies; null where none does, and the pod counts as failed.
 * https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-failure-policy
 */
export function consequenceOf({ spec }: Job, pod: Pod): Consequence | null {
  if (pod.status?.phase !== 'Failed') return null;
  for (const [index, rule] of (spec?.podFailurePolicy?.rules ?? []).entries()) {
    const reason = rule.onExitCodes ? byExitCode(rule.onExitCodes, pod) : byCondition(rule.onPodConditions ?? [], pod);
    if (reason) return { action: rule.action, message: `${reason} matching ${rule.action} rule at index ${index}` };
  }
  return null;
}

/** Whether a pod's failure counts for nothing. */
export function isIgnored(job: Job, pod: Pod): boolean {
  return consequenceOf(job, pod)?.action === 'Ignore';
}

function byExitCode({ containerName, operator, values }: ExitCodes, { metadata, status }: Pod): string | null {
  const all = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
  for (const { name, state } of all) {
    const code = state?.terminated?.exitCode ?? 0;
    if (code === 0 || (containerName && containerName !== name)) continue;
    if (values.includes(code) !== (operator === 'In')) continue;
    return `Container ${name} for pod ${metadata.namespace}/${metadata.name} failed with exit code ${code}`;
  }
  return null;
}

function byCondition(patterns: NonNullable<Rule['onPodConditions']>, { metadata, status }: Pod): string | null {
  const found = status?.conditions?.find((condition) =>
    patterns.some((pattern) => pattern.type === condition.type && (pattern.status ?? 'True') === condition.status),
  );
  return found ? `Pod ${metadata.namespace}/${metadata.name} has condition ${found.type}` : null;
}

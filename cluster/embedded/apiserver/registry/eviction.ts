import { selectorMatches, type LabelSelector } from '../../kinds/label-selector.ts';
import { timestamp } from '../../kinds/timestamp.ts';
import type { Pod, PodDisruptionBudget } from '../../kinds/types.ts';
import { ApiError, forbidden } from '../api-error.ts';
import type { Registry } from './registry.ts';
import type { RemoveOptions } from './stored-resource.ts';

const REFUSED = "Cannot evict pod as it would violate the pod's disruption budget.";

/**
 * Deletes a pod as far as its PodDisruptionBudget permits, and takes that off the budget.
 * https://kubernetes.io/docs/concepts/scheduling-eviction/api-eviction/#how-api-initiated-eviction-works
 *
 * @throws ApiError NotFound, Conflict, TooManyRequests when the budget is spent, InternalError when the pod has two of them
 */
export function evictPod(registry: Registry, name: string, namespace: string, options: RemoveOptions): void {
  const pods = registry.kind('Pod');
  const pod = pods.get(name, namespace) as Pod;
  const budgets = needsNoBudget(pod) ? [] : budgetsOf(registry, pod);
  if (budgets.length > 1) {
    throw new ApiError(
      'InternalError',
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    );
  }
  const budget = budgets[0];
  if (budget && !isBeyondBudget(budget, pod)) take(registry, budget, pod, options.dryRun);
  pods.delete(name, namespace, options);
  const left = options.dryRun ? undefined : (pods.find(name, namespace) as Pod | undefined);
  if (left) pods.replace(left, { ...left, status: { ...left.status, conditions: disrupted(left) } } as Pod);
}

/** Nobody would miss a pod that has ended, not begun, or is on its way out. */
function needsNoBudget({ metadata, status }: Pod): boolean {
  return metadata.deletionTimestamp !== undefined || status?.phase !== 'Running';
}

function budgetsOf(registry: Registry, { metadata }: Pod): PodDisruptionBudget[] {
  const all = registry.kind('PodDisruptionBudget').list({ namespace: metadata.namespace }) as PodDisruptionBudget[];
  return all.filter(({ spec }) => {
    const selector = spec?.selector as LabelSelector | undefined;
    return selector && selectorMatches(selector, metadata.labels ?? {});
  });
}

/** A pod that is not ready anyway may go for nothing: always, or by default while the budget is healthy without it. */
function isBeyondBudget({ spec, status }: PodDisruptionBudget, pod: Pod): boolean {
  if (pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True')) return false;
  if (spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow') return true;
  const { desiredHealthy = 0, currentHealthy = 0 } = status ?? {};
  return desiredHealthy > 0 && currentHealthy >= desiredHealthy;
}

/** Takes one disruption off a budget. The disruption controller counts anew once the pod has gone. */
function take(registry: Registry, budget: PodDisruptionBudget, pod: Pod, dryRun = false): void {
  const { metadata, status } = budget;
  const { name } = metadata;
  if (!status || (status.observedGeneration ?? 0) < (metadata.generation ?? 0)) {
    throw refusal(`The disruption budget ${name} is still being processed by the server.`, 10);
  }
  const { disruptionsAllowed = 0, desiredHealthy, currentHealthy } = status;
  if (disruptionsAllowed < 0) {
    throw forbidden({ group: 'policy', plural: 'poddisruptionbudgets' }, name, 'pdb disruptions allowed is negative');
  }
  if (disruptionsAllowed === 0) {
    const failed = status.conditions?.find(
      ({ type, reason }) => type === 'DisruptionAllowed' && reason === 'SyncFailed',
    );
    throw refusal(
      failed
        ? `The disruption budget ${name} does not allow evicting pods currently because it failed sync: ${failed.message}`
        : `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`,
    );
  }
  if (dryRun) return;
  const left = disruptionsAllowed - 1;
  const conditions = (status.conditions ?? []).map((condition) =>
    condition.type === 'DisruptionAllowed' && left === 0
      ? { ...condition, status: 'False', reason: 'InsufficientPods', lastTransitionTime: timestamp() }
      : condition,
  );
  const disruptedPods = { ...status.disruptedPods, [pod.metadata.name]: timestamp() };
  registry.kind('PodDisruptionBudget').replace(budget, {
    ...budget,
    status: { ...status, disruptionsAllowed: left, conditions, disruptedPods },
  } as unknown as PodDisruptionBudget);
}

function refusal(message: string, retryAfterSeconds?: number): ApiError {
  return new ApiError('TooManyRequests', REFUSED, {
    causes: [{ reason: 'DisruptionBudget', message }],
    ...(retryAfterSeconds && { retryAfterSeconds }),
  });
}

function disrupted({ status }: Pod): object[] {
  const others = (status?.conditions ?? []).filter(({ type }) => type !== 'DisruptionTarget');
  const why = { reason: 'EvictionByEvictionAPI', message: 'Eviction API: evicting' };
  return [...others, { type: 'DisruptionTarget', status: 'True', ...why, lastTransitionTime: timestamp() }];
}

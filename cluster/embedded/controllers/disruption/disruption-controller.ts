import { selectorMatches, type LabelSelector } from '../../kinds/label-selector.ts';
import type { Pod, PodDisruptionBudget } from '../../kinds/types.ts';
import { orNull } from '../../reconcile/api-errors.ts';
import { setCondition, type Condition } from '../../reconcile/conditions.ts';
import { keyOf, splitKey, type KeysOf, type Watches } from '../../reconcile/controller.ts';
import { defineController, type Context } from '../../reconcile/define-controller.ts';
import { withKeysBefore } from '../../reconcile/keys-before.ts';
import { hasEnded, isReady } from '../../reconcile/pod-state.ts';
import { writeStatus } from '../../reconcile/write-status.ts';
import { expectation, NoScaleError } from './expected-pods.ts';

/** How long an eviction that was let through counts before its pod is seen to go (upstream's DeletionTimeout). */
const evictionSeenMs = 2 * 60_000;

/** Says of each PodDisruptionBudget how many of its pods may be evicted now. */
export const startDisruptionController = defineController({
  name: 'disruption',
  for: 'PodDisruptionBudget',
  maps: podsAndTheirControllers,
  reconcile: reconcileBudget,
});

function podsAndTheirControllers(): Watches {
  const budgets = new Map<string, PodDisruptionBudget>();
  const noteBudget: KeysOf<PodDisruptionBudget> = (budget, type) => {
    if (type === 'DELETED') budgets.delete(keyOf(budget));
    else budgets.set(keyOf(budget), budget);
    return null;
  };
  // What a share is of changes with the controllers' replicas: then all budgets of the namespace want a look.
  const inNamespace = ({ metadata }: { metadata: { namespace?: string } }) =>
    [...budgets.values()].filter((budget) => budget.metadata.namespace === metadata.namespace).map(keyOf);
  return {
    PodDisruptionBudget: noteBudget,
    Pod: withKeysBefore((pod) => [...budgets.values()].filter((budget) => covers(budget, pod)).map(keyOf)),
    Deployment: inNamespace,
    ReplicaSet: inNamespace,
  };
}

export async function reconcileBudget(context: Context, key: string): Promise<number | void> {
  const { api, events } = context;
  const now = context.now();
  const { namespace, name } = splitKey(key);
  const budget = await orNull(api.get('PodDisruptionBudget', name, namespace));
  if (!budget) return;
  const pods = (await api.list('Pod', { namespace })).items.filter((pod) => covers(budget, pod) && !hasEnded(pod));
  const { status, metadata } = budget;
  try {
    const { expectedPods, desiredHealthy } = await expectation(api, budget, pods);
    const disruptedPods = stillExpected(budget, pods, now);
    const currentHealthy = pods.filter(
      (pod) => isReady(pod) && !pod.metadata.deletionTimestamp && !(pod.metadata.name in disruptedPods),
    ).length;
    const disruptionsAllowed = expectedPods > 0 ? Math.max(0, currentHealthy - desiredHealthy) : 0;
    const allowed =
      disruptionsAllowed > 0
        ? { status: 'True', reason: 'SufficientPods' }
        : { status: 'False', reason: 'InsufficientPods' };
    const observedGeneration = metadata.generation;
    const condition = { type: 'DisruptionAllowed', ...allowed, message: '', observedGeneration };
    await writeStatus(api, budget, {
      ...{ currentHealthy, desiredHealthy, expectedPods, disruptionsAllowed, observedGeneration },
      ...(Object.keys(disruptedPods).length > 0 && { disruptedPods }),
      conditions: setCondition<Condition>(status?.conditions, condition, now),
    } as PodDisruptionBudget['status']);
    const times = Object.values(disruptedPods).map((time) => Date.parse(time) + evictionSeenMs - now);
    if (times.length > 0) return Math.min(...times);
  } catch (error) {
    if (!(error instanceof NoScaleError)) throw error;
    const { message } = error;
    const observedGeneration = metadata.generation;
    const condition = { type: 'DisruptionAllowed', status: 'False', reason: 'SyncFailed', message, observedGeneration };
    if (status?.conditions?.some(({ reason }) => reason === 'SyncFailed')) return;
    events.event({ object: budget }, 'Warning', 'CalculateExpectedPodCountFailed', message);
    await writeStatus(api, budget, {
      ...{ currentHealthy: 0, desiredHealthy: 0, expectedPods: 0, disruptionsAllowed: 0, observedGeneration },
      conditions: setCondition<Condition>(status?.conditions, condition, now),
    } as PodDisruptionBudget['status']);
  }
}

/** Evictions let through whose pods are still there; one whose pod has not gone in two minutes has come to nothing. */
function stillExpected({ status }: PodDisruptionBudget, pods: Pod[], now: number): Record<string, string> {
  const disrupted = Object.entries((status?.disruptedPods ?? {}) as Record<string, string>);
  return Object.fromEntries(
    disrupted.filter(([name, time]) => {
      const pod = pods.find(({ metadata }) => metadata.name === name);
      return pod && !pod.metadata.deletionTimestamp && Date.parse(time) + evictionSeenMs > now;
    }),
  );
}

function covers({ metadata, spec }: PodDisruptionBudget, pod: Pod): boolean {
  const selector = spec?.selector as LabelSelector | undefined;
  return (
    pod.metadata.namespace === metadata.namespace &&
    selector !== undefined &&
    selectorMatches(selector, pod.metadata.labels ?? {})
  );
}

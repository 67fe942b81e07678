import type { Api } from '../../apiserver/api.ts';
import type { Pod, ReplicaSet } from '../../kinds/types.ts';
import { orNull } from '../../reconcile/api-errors.ts';
import { claim } from '../../reconcile/claim.ts';
import { findCondition, setCondition } from '../../reconcile/conditions.ts';
import { splitKey } from '../../reconcile/controller.ts';
import { defineController, type Context } from '../../reconcile/define-controller.ts';
import { controllerOf } from '../../reconcile/owner.ts';
import { createPod, deletePod } from '../../reconcile/pod-control.ts';
import { isActive, isReady, untilAvailable, untilNextAvailable } from '../../reconcile/pod-state.ts';
import { writeStatus } from '../../reconcile/write-status.ts';
import { scaleDownOrder } from './scale-down-order.ts';

type Conditions = NonNullable<ReplicaSet['status']>['conditions'];

/** Keeps as many pods of a ReplicaSet as it asks for. */
export const startReplicaSetController = defineController({
  name: 'replicaset',
  for: 'ReplicaSet',
  owns: ['Pod'],
  reconcile: reconcileReplicaSet,
});

export async function reconcileReplicaSet(context: Context, key: string): Promise<number | void> {
  const { api } = context;
  const { namespace, name } = splitKey(key);
  const replicaSet = await orNull(api.get('ReplicaSet', name, namespace));
  if (!replicaSet) return;
  const active = await activePods(api, replicaSet);
  const missing = (replicaSet.spec?.replicas ?? 1) - active.length;
  let failure: Failure | null = null;
  if (!replicaSet.metadata.deletionTimestamp) {
    try {
      for (let i = 0; i < missing; i++) await createPod(context, replicaSet, replicaSet.spec!.template!);
      if (missing < 0) {
        const spare = scaleDownOrder(active, await relatedPods(api, replicaSet)).slice(0, -missing);
        for (const pod of spare) await deletePod(context, replicaSet, pod);
      }
    } catch (error) {
      failure = { reason: missing > 0 ? 'FailedCreate' : 'FailedDelete', error: error as Error };
    }
  }
  // Read again: what has just been created counts. The status tells how far it came, also after a failure.
  const lookAgain = await noteStatus(context, replicaSet, await activePods(api, replicaSet), failure);
  if (failure) throw failure.error;
  return lookAgain;
}

/** Why the pods are not as many as asked for. */
interface Failure {
  reason: 'FailedCreate' | 'FailedDelete';
  error: Error;
}

async function activePods(api: Api, replicaSet: ReplicaSet): Promise<Pod[]> {
  const { items } = await api.list('Pod', { namespace: replicaSet.metadata.namespace });
  return claim(api, replicaSet, 'Pod', items.filter(isActive));
}

/** The active pods of all ReplicaSets of the same Deployment; without one, of this ReplicaSet alone. */
async function relatedPods(api: Api, replicaSet: ReplicaSet): Promise<Pod[]> {
  const { namespace, uid } = replicaSet.metadata;
  const deployment = controllerOf(replicaSet)?.uid ?? 'none';
  const { items } = await api.list('ReplicaSet', { namespace });
  const related = items.filter((other) => other.metadata.uid === uid || controllerOf(other)?.uid === deployment);
  const uids = new Set(related.map(({ metadata }) => metadata.uid));
  return (await api.list('Pod', { namespace })).items.filter(
    (pod) => isActive(pod) && uids.has(controllerOf(pod)?.uid),
  );
}

async function noteStatus(
  { api, now }: Context,
  replicaSet: ReplicaSet,
  pods: Pod[],
  failure: Failure | null,
): Promise<number | void> {
  const minReadySeconds = replicaSet.spec?.minReadySeconds ?? 0;
  const templateLabels = Object.entries(replicaSet.spec?.template?.metadata?.labels ?? {});
  const status: ReplicaSet['status'] = {
    ...replicaSet.status,
    replicas: pods.length,
    fullyLabeledReplicas: pods.filter((pod) =>
      templateLabels.every(([label, value]) => pod.metadata.labels?.[label] === value),
    ).length,
    readyReplicas: pods.filter(isReady).length,
    availableReplicas: pods.filter((pod) => untilAvailable(pod, minReadySeconds, now()) === 0).length,
    observedGeneration: replicaSet.metadata.generation,
    conditions: conditions(replicaSet, failure, now()),
  };
  await writeStatus<'ReplicaSet'>(api, replicaSet, status);
  return untilNextAvailable(pods, minReadySeconds, now());
}

/** The first failure stays until there is none, whatever the later ones say: a message that changes would be written each time. */
function conditions({ status }: ReplicaSet, failure: Failure | null, now: number): Conditions {
  const before = status?.conditions;
  if (!failure) {
    const others = before?.filter(({ type }) => type !== 'ReplicaFailure');
    return others?.length ? others : undefined;
  }
  if (findCondition(before, 'ReplicaFailure')) return before;
  const { reason, error } = failure;
  return setCondition(before, { type: 'ReplicaFailure', status: 'True', reason, message: error.message }, now);
}

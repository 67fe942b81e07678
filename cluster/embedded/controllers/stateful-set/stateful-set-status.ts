import type { Pod, StatefulSet } from '../../kinds/types.ts';
import { isReady, untilAvailable } from '../../reconcile/pod-state.ts';
import type { Situation } from './plan.ts';
import { revisionOf } from './plan.ts';

/** What the pods of a StatefulSet amount to, as `kubectl rollout status` reads it. */
export function statefulSetStatus({ set, pods, current, update, now }: Situation): NonNullable<StatefulSet['status']> {
  const count = (holds: (pod: Pod) => boolean) => pods.filter(holds).length;
  const isLive = (pod: Pod) => !pod.metadata.deletionTimestamp;
  const updatedReplicas = count((pod) => isLive(pod) && revisionOf(pod) === update);
  const status = {
    ...set.status,
    observedGeneration: set.metadata.generation,
    replicas: pods.length,
    readyReplicas: count(isReady),
    availableReplicas: count((pod) => untilAvailable(pod, set.spec?.minReadySeconds ?? 0, now) === 0),
    currentReplicas: count((pod) => isLive(pod) && revisionOf(pod) === current),
    updatedReplicas,
    currentRevision: current,
    updateRevision: update,
    collisionCount: set.status?.collisionCount ?? 0,
  };
  // The roll is over: what was new is what runs.
  const isOver = updatedReplicas === status.replicas && status.readyReplicas === status.replicas;
  if (set.spec?.updateStrategy?.type === 'RollingUpdate' && isOver) {
    return { ...status, currentReplicas: updatedReplicas, currentRevision: update };
  }
  return status;
}

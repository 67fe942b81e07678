import type { Deployment, ReplicaSet } from '../../kinds/types.ts';
import { byAge } from './revision.ts';
import { rolloutBounds } from './rolling-update.ts';
import { desiredReplicasAnnotation, maxReplicasAnnotation } from './scale-replica-set.ts';

const sizeOf = ({ spec }: ReplicaSet) => spec?.replicas ?? 0;

/** Whether the Deployment wants another number of replicas than when its ReplicaSets were given their sizes. */
export function isScaled(deployment: Deployment, replicaSets: ReplicaSet[]): boolean {
  const { desired } = rolloutBounds(deployment);
  return replicaSets.some((replicaSet) => {
    const noted = replicaSet.metadata.annotations?.[desiredReplicasAnnotation];
    return sizeOf(replicaSet) > 0 && noted !== undefined && Number(noted) !== desired;
  });
}

/**
 * The sizes that scaling gives to the ReplicaSets of a Deployment without moving its rollout: each keeps its part of the
 * whole, so that no more pods than before run a template that may be broken (`scale` of Kubernetes' Deployment
 * controller). A ReplicaSet that is not named stays as it is.
 *
 * @param current runs the Deployment's template
 * @param old the others, oldest first
 */
export function scaledSizes(
  deployment: Deployment,
  current: ReplicaSet | null,
  old: ReplicaSet[],
): Map<ReplicaSet, number> {
  const { desired, maxSurge } = rolloutBounds(deployment);
  const active = [...(current ? [current] : []), ...old].filter((replicaSet) => sizeOf(replicaSet) > 0);
  if (active.length <= 1) {
    const only = active[0] ?? current ?? old.at(-1);
    return new Map(only && [[only, desired]]);
  }
  if (current && isSaturated(current, desired)) {
    return new Map(active.filter((replicaSet) => replicaSet !== current).map((replicaSet) => [replicaSet, 0]));
  }
  const allowed = desired > 0 ? desired + maxSurge : 0;
  const missing = allowed - active.reduce((total, replicaSet) => total + sizeOf(replicaSet), 0);
  // The largest first. Among equals the newest gains and the oldest loses.
  active.sort((a, b) => sizeOf(b) - sizeOf(a) || (missing > 0 ? byAge(b, a) : byAge(a, b)));
  let left = missing;
  const sizes = active.map((replicaSet) => {
    const size = sizeOf(replicaSet);
    const maxBefore =
      Number(replicaSet.metadata.annotations?.[maxReplicasAnnotation]) || deployment.status?.replicas || size;
    const share = Math.round((size * allowed) / maxBefore) - size;
    const change = left === 0 ? 0 : missing > 0 ? Math.min(share, left) : Math.max(share, left);
    left -= change;
    return size + change;
  });
  // What rounding has left over is for the largest.
  sizes[0] = Math.max(0, sizes[0]! + left);
  return new Map(active.map((replicaSet, i) => [replicaSet, sizes[i]!]));
}

function isSaturated({ metadata, spec, status }: ReplicaSet, desired: number): boolean {
  const noted = Number(metadata.annotations?.[desiredReplicasAnnotation]);
  return spec?.replicas === desired && noted === desired && status?.availableReplicas === desired;
}

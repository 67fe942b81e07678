import { scaledValue } from '../../kinds/int-or-percent.ts';
import type { Deployment, ReplicaSet } from '../../kinds/types.ts';

/** Of both bounds, where a Deployment gives none (apps/v1). */
const byDefault = '25%';

/** How far a rollout may stray from the desired number of pods. */
export interface RolloutBounds {
  desired: number;
  /** Pods beyond the desired number. */
  maxSurge: number;
  /** Pods that may be missing from it. */
  maxUnavailable: number;
}

export interface ReplicaCount {
  /** What its spec asks for. */
  replicas: number;
  /** How many of those are available. */
  available: number;
}

/**
 * Percentages are of the desired number; surge rounds up, unavailable rounds down, and both may not be 0. With the
 * strategy Recreate both are: outside of its rollouts every pod has to be there.
 */
export function rolloutBounds(deployment: Deployment): RolloutBounds {
  const desired = deployment.spec?.replicas ?? 1;
  if (deployment.spec?.strategy?.type === 'Recreate') return { desired, maxSurge: 0, maxUnavailable: 0 };
  const rolling = deployment.spec?.strategy?.rollingUpdate;
  const maxSurge = scaledValue(rolling?.maxSurge ?? byDefault, desired, Math.ceil);
  const maxUnavailable = Math.min(desired, scaledValue(rolling?.maxUnavailable ?? byDefault, desired, Math.floor));
  return { desired, maxSurge, maxUnavailable: maxSurge + maxUnavailable === 0 ? 1 : maxUnavailable };
}

/** How many replicas the new ReplicaSet gets now: as many as the surge leaves room for. */
export function newReplicas(bounds: RolloutBounds, current: ReplicaCount, old: ReplicaCount[]): number {
  const { desired, maxSurge } = bounds;
  if (current.replicas >= desired) return desired;
  const room = desired + maxSurge - current.replicas - sum(old, 'replicas');
  return current.replicas + Math.max(0, Math.min(room, desired - current.replicas));
}

/**
 * How many replicas each old ReplicaSet keeps now, in the order given (oldest first). Pods that are not available go
 * first: nobody misses them. Then as many as the pods already available allow.
 */
export function oldReplicas(bounds: RolloutBounds, current: ReplicaCount, old: ReplicaCount[]): number[] {
  const minAvailable = bounds.desired - bounds.maxUnavailable;
  const newUnavailable = current.replicas - current.available;
  const total = current.replicas + sum(old, 'replicas');
  let surplus = Math.max(0, total - minAvailable - newUnavailable);
  const kept = old.map(({ replicas, available }) => {
    const broken = Math.min(surplus, Math.max(0, replicas - available));
    surplus -= broken;
    return replicas - broken;
  });
  let spare = Math.max(0, current.available + sum(old, 'available') - minAvailable);
  return kept.map((replicas) => {
    const dropped = Math.min(spare, replicas);
    spare -= dropped;
    return replicas - dropped;
  });
}

/** The status of a ReplicaSet that has just shrunk still counts the pods it gives up: they are as good as gone. */
export function countOf({ spec, status }: ReplicaSet): ReplicaCount {
  const replicas = spec?.replicas ?? 0;
  return { replicas, available: Math.min(replicas, status?.availableReplicas ?? 0) };
}

function sum(counts: ReplicaCount[], member: keyof ReplicaCount): number {
  return counts.reduce((total, count) => total + count[member], 0);
}

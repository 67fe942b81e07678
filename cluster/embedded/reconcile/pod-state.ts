import type { Pod } from '../kinds/types.ts';

type Condition = NonNullable<NonNullable<Pod['status']>['conditions']>[number];

export function podCondition(pod: Pod, type: string): Condition | undefined {
  return pod.status?.conditions?.find((condition) => condition.type === type);
}

export function isReady(pod: Pod): boolean {
  return podCondition(pod, 'Ready')?.status === 'True';
}

/** All its containers have ended for good. */
export function hasEnded({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

/** Neither ended nor being deleted: it counts towards the replicas. */
export function isActive(pod: Pod): boolean {
  return !pod.metadata.deletionTimestamp && !hasEnded(pod);
}

/** How many ms until the pod will have been ready for `minReadySeconds`; 0 if it has; null if it is not ready. */
export function untilAvailable(pod: Pod, minReadySeconds: number, now: number): number | null {
  const ready = podCondition(pod, 'Ready');
  if (ready?.status !== 'True') return null;
  if (minReadySeconds === 0) return 0;
  return Math.max(0, Date.parse(ready.lastTransitionTime ?? '') + minReadySeconds * 1000 - now);
}

/** How many ms until the next of the pods will have been ready for so long; undefined when none is waiting for that. */
export function untilNextAvailable(pods: Pod[], minReadySeconds: number, now: number): number | undefined {
  const waits = pods.map((pod) => untilAvailable(pod, minReadySeconds, now) ?? 0).filter((wait) => wait > 0);
  return waits.length > 0 ? Math.min(...waits) : undefined;
}

import type { Pod, StatefulSet } from '../../kinds/types.ts';
import { podRevisionLabel } from '../../reconcile/controller-revisions.ts';
import { hasEnded, isReady, untilAvailable } from '../../reconcile/pod-state.ts';
import { ordinalOf, ordinals } from './identity.ts';

/** One thing to do with one pod. */
export type Step = { create: number; revision: string } | { delete: Pod; because: 'ended' | 'scaled down' | 'rolled' };

export interface Situation {
  set: StatefulSet;
  /** All its pods, those that are ending too. */
  pods: Pod[];
  /** Names of the revision that it ran and of the one that it is to run. */
  current: string;
  update: string;
  /** Unix time in ms. */
  now: number;
}

/**
 * What to do now. In order (podManagementPolicy OrderedReady) no pod is made before those with lower numbers are available, none
 * is given up before those with higher numbers are gone, and it is one step at a time; Parallel does all at once. A roll goes
 * from the highest number down to the partition, one pod at a time in either case.
 */
export function plan({ set, pods, current, update, now }: Situation): Step[] {
  const byOrdinal = new Map(pods.map((pod) => [ordinalOf(set, pod)!, pod]));
  const wanted = ordinals(set);
  const inOrder = set.spec?.podManagementPolicy !== 'Parallel';
  const { type, rollingUpdate } = set.spec?.updateStrategy ?? {};
  const firstToRoll = (set.spec?.ordinals?.start ?? 0) + (rollingUpdate?.partition ?? 0);
  const isAvailable = (pod: Pod) =>
    !pod.metadata.deletionTimestamp && untilAvailable(pod, set.spec?.minReadySeconds ?? 0, now) === 0;
  const steps: Step[] = [];

  for (const ordinal of wanted) {
    const pod = byOrdinal.get(ordinal);
    const isDue = !pod || (hasEnded(pod) && !pod.metadata.deletionTimestamp);
    if (!pod) steps.push({ create: ordinal, revision: revisionFor(ordinal) });
    else if (isDue) steps.push({ delete: pod, because: 'ended' });
    if (inOrder && (isDue || !isAvailable(pod))) return steps;
  }

  const condemned = [...byOrdinal].filter(([ordinal]) => !wanted.includes(ordinal)).sort(([a], [b]) => b - a);
  const firstBroken = pods.filter((pod) => !isReady(pod)).sort((a, b) => ordinalOf(set, a)! - ordinalOf(set, b)!)[0];
  for (const [, pod] of condemned) {
    const isEnding = pod.metadata.deletionTimestamp !== undefined;
    const waits = inOrder && (isEnding || (!isReady(pod) && pod !== firstBroken));
    if (!isEnding && !waits) steps.push({ delete: pod, because: 'scaled down' });
    if (inOrder) return steps;
  }
  if (steps.length > 0 || type === 'OnDelete') return steps;

  for (const ordinal of [...wanted].reverse().filter((one) => one >= firstToRoll)) {
    const pod = byOrdinal.get(ordinal)!;
    if (revisionOf(pod) !== update && !pod.metadata.deletionTimestamp) return [{ delete: pod, because: 'rolled' }];
    if (!isAvailable(pod)) return [];
  }
  return [];

  /** A pod that is lost below the partition comes back as it was. */
  function revisionFor(ordinal: number): string {
    return type === 'RollingUpdate' && ordinal < firstToRoll ? current : update;
  }
}

/** The name of the revision that a pod runs. */
export function revisionOf(pod: Pod): string | undefined {
  return pod.metadata.labels?.[podRevisionLabel];
}

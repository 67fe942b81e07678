import type { Pod } from '../../kinds/types.ts';
import { isReady, podCondition } from '../../reconcile/pod-state.ts';

/** A pod with a lower one goes first; without one it is 0. */
const deletionCost = 'controller.kubernetes.io/pod-deletion-cost';

/** Unix time in ms; the beginning of time for none. */
const timeOf = (time: string | undefined) => Date.parse(time ?? '') || 0;

/** Smallest first, one after the other until the pods differ. As ReplicaSets are documented to choose. */
const criteria: ((pod: Pod, onNode: Map<string, number>) => number)[] = [
  (pod) => Number(Boolean(pod.spec?.nodeName)),
  (pod) => ['Pending', 'Unknown', 'Running'].indexOf(pod.status?.phase ?? 'Pending'),
  (pod) => Number(isReady(pod)),
  (pod) => Number(pod.metadata.annotations?.[deletionCost]) || 0,
  (pod, onNode) => -(onNode.get(pod.spec?.nodeName ?? '') ?? 0),
  (pod) => (isReady(pod) ? -timeOf(podCondition(pod, 'Ready')?.lastTransitionTime) : 0),
  (pod) => -Math.max(0, ...(pod.status?.containerStatuses ?? []).map(({ restartCount }) => restartCount)),
  (pod) => -timeOf(pod.metadata.creationTimestamp),
];

/**
 * The pods of a ReplicaSet, those it gives up first at the front: what is of least use, then what shares its node with
 * the most others, then the youngest.
 *
 * @param related the active pods of all ReplicaSets of the same Deployment: of which there may be several on a node
 */
export function scaleDownOrder(pods: Pod[], related: Pod[]): Pod[] {
  const onNode = new Map<string, number>();
  for (const { spec } of related) {
    if (spec?.nodeName) onNode.set(spec.nodeName, (onNode.get(spec.nodeName) ?? 0) + 1);
  }
  return [...pods].sort((a, b) => {
    for (const criterion of criteria) {
      const difference = criterion(a, onNode) - criterion(b, onNode);
      if (difference !== 0) return difference;
    }
    return 0;
  });
}

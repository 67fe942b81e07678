import type { Node, Pod } from '../kinds/types.ts';
import { hasEnded } from '../reconcile/pod-state.ts';

/** A pod that takes up room, and the node it is on. */
export interface Placement {
  pod: Pod;
  node: Node;
}

/** Where the pods are. Those that have ended take up no room any more. */
export function placementsOf(pods: Pod[], nodes: Node[]): Placement[] {
  const byName = new Map(nodes.map((node) => [node.metadata.name, node]));
  return pods.flatMap((pod) => {
    const node = byName.get(pod.spec?.nodeName ?? '');
    return node && !hasEnded(pod) ? [{ pod, node }] : [];
  });
}

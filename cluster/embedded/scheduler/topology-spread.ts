import { selectorMatches } from '../kinds/label-selector.ts';
import type { Node, Pod } from '../kinds/types.ts';
import { nodeMatches } from '../reconcile/node-affinity.ts';
import type { Placement } from './placement.ts';

type Constraint = NonNullable<NonNullable<Pod['spec']>['topologySpreadConstraints']>[number];

/**
 * Why a node would make the pods too uneven over a topology; null if it would not.
 * https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/#topologyspreadconstraints-field
 */
export function spreadObstacle(node: Node, pod: Pod, nodes: Node[], placements: Placement[]): string | null {
  for (const constraint of constraintsOf(pod, 'DoNotSchedule')) {
    const domain = node.metadata.labels?.[constraint.topologyKey];
    if (domain === undefined) return "node(s) didn't match pod topology spread constraints (missing required label)";
    const counts = countByDomain(constraint, pod, nodes, placements);
    // With fewer domains than it asks for, the emptiest one counts as holding none.
    const least = counts.size < (constraint.minDomains ?? 1) ? 0 : Math.min(...counts.values());
    const self = matches(constraint, pod, pod) ? 1 : 0;
    if ((counts.get(domain) ?? 0) + self - least > constraint.maxSkew) {
      return "node(s) didn't match pod topology spread constraints";
    }
  }
  return null;
}

/** How many pods share the node's domains, over all constraints that are wishes: the fewer the better. */
export function spreadCrowding(node: Node, pod: Pod, nodes: Node[], placements: Placement[]): number {
  return constraintsOf(pod, 'ScheduleAnyway').reduce((total, constraint) => {
    const domain = node.metadata.labels?.[constraint.topologyKey];
    if (domain === undefined) return total + placements.length;
    return total + (countByDomain(constraint, pod, nodes, placements).get(domain) ?? 0);
  }, 0);
}

function constraintsOf({ spec }: Pod, whenUnsatisfiable: string): Constraint[] {
  return (spec?.topologySpreadConstraints ?? []).filter((one) => one.whenUnsatisfiable === whenUnsatisfiable);
}

/** Matching pods in each domain that the pod could go to by its node affinity. */
function countByDomain(constraint: Constraint, pod: Pod, nodes: Node[], placements: Placement[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const node of nodes) {
    const domain = node.metadata.labels?.[constraint.topologyKey];
    if (domain !== undefined && nodeMatches(node, pod)) counts.set(domain, 0);
  }
  for (const other of placements) {
    const domain = other.node.metadata.labels?.[constraint.topologyKey] ?? '';
    const count = counts.get(domain);
    if (count !== undefined && matches(constraint, pod, other.pod)) counts.set(domain, count + 1);
  }
  return counts;
}

/** Pods on their way out no longer count. With matchLabelKeys only pods that have the same values of those, say of one revision. */
function matches({ labelSelector, matchLabelKeys = [] }: Constraint, pod: Pod, other: Pod): boolean {
  const [own, labels] = [pod.metadata.labels ?? {}, other.metadata.labels ?? {}];
  return (
    other.metadata.namespace === pod.metadata.namespace &&
    !other.metadata.deletionTimestamp &&
    labelSelector !== undefined &&
    selectorMatches(labelSelector, labels) &&
    matchLabelKeys.every((key) => own[key] === undefined || own[key] === labels[key])
  );
}

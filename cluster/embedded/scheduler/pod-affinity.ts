import { selectorMatches } from '../kinds/label-selector.ts';
import type { Node, Pod } from '../kinds/types.ts';
import type { Placement } from './placement.ts';

type Affinity = NonNullable<NonNullable<Pod['spec']>['affinity']>;
type Term = NonNullable<NonNullable<Affinity['podAffinity']>['requiredDuringSchedulingIgnoredDuringExecution']>[number];

/**
 * What stands against a node by the affinities between pods, the new one's and those of the pods that are there; null if nothing does.
 * A topology is all nodes with the same value of a label, such as kubernetes.io/hostname.
 * https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#inter-pod-affinity-and-anti-affinity
 */
export function podAffinityObstacle(node: Node, pod: Pod, placements: Placement[]): string | null {
  const wanted = pod.spec?.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  const shunned = pod.spec?.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  if (!wanted.every((term) => hasCompany(term, node, pod, placements))) {
    return "node(s) didn't match pod affinity rules";
  }
  if (
    shunned.some((term) =>
      placements.some((other) => isInTopology(term, node, other.node) && selects(term, pod, other.pod)),
    )
  ) {
    return "node(s) didn't match pod anti-affinity rules";
  }
  const refused = placements.some((other) =>
    (other.pod.spec?.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).some(
      (term) => isInTopology(term, node, other.node) && selects(term, other.pod, pod),
    ),
  );
  return refused ? "node(s) didn't satisfy existing pods anti-affinity rules" : null;
}

/** How much the pod prefers a node for the pods in its topologies: weights of affinities less those of anti-affinities. */
export function podPreference(node: Node, pod: Pod, placements: Placement[]): number {
  const { podAffinity, podAntiAffinity } = pod.spec?.affinity ?? {};
  const weigh = (terms: { weight: number; podAffinityTerm: Term }[] = []) =>
    terms.reduce((total, { weight, podAffinityTerm: term }) => {
      const near = placements.filter((other) => isInTopology(term, node, other.node) && selects(term, pod, other.pod));
      return total + weight * near.length;
    }, 0);
  return (
    weigh(podAffinity?.preferredDuringSchedulingIgnoredDuringExecution) -
    weigh(podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution)
  );
}

/** The first of pods that want each other's company finds none yet: it may go anywhere that has the topology. */
function hasCompany(term: Term, node: Node, pod: Pod, placements: Placement[]): boolean {
  if (node.metadata.labels?.[term.topologyKey] === undefined) return false;
  const company = placements.filter((other) => selects(term, pod, other.pod));
  if (company.some((other) => isInTopology(term, node, other.node))) return true;
  return company.length === 0 && selects(term, pod, pod);
}

function isInTopology({ topologyKey }: Term, node: Node, other: Node): boolean {
  const value = node.metadata.labels?.[topologyKey];
  return value !== undefined && value === other.metadata.labels?.[topologyKey];
}

/** Whether a term of `owner` is about `other`: in its own namespace unless it names others. */
function selects({ labelSelector, namespaces, namespaceSelector }: Term, owner: Pod, other: Pod): boolean {
  const { namespace = '' } = other.metadata;
  // Of a namespaceSelector only the empty one, which is all namespaces, can be told without the namespaces' labels.
  const everywhere = namespaceSelector !== undefined && Object.keys(namespaceSelector).length === 0;
  const named = namespaces?.length ? namespaces.includes(namespace) : namespace === owner.metadata.namespace;
  return (
    (everywhere || named) && labelSelector !== undefined && selectorMatches(labelSelector, other.metadata.labels ?? {})
  );
}

import type { Node, Pod } from '../kinds/types.ts';
import { nodeMatches, nodePreference } from '../reconcile/node-affinity.ts';
import { placementsOf, type Placement } from './placement.ts';
import { podAffinityObstacle, podPreference } from './pod-affinity.ts';
import { amounts, podRequests, sum } from './pod-requests.ts';
import { untolerated } from '../reconcile/taints.ts';
import { spreadCrowding, spreadObstacle } from './topology-spread.ts';

/** The node a pod goes to, or for each reason why a node will not do, how many nodes it rules out. */
export type Pick = { node: string } | { reasons: Map<string, number> };

/**
 * First the nodes that may take the pod. Of these the one that has the fewest taints it would rather not have, then what the
 * pod prefers most, then the one with the fewest pods of the same owner (so that the loss of a node takes as few replicas as
 * possible), then with the fewest pods at all. Upstream weighs these against each other; here one comes before the next.
 *
 * @param pods all pods of the cluster
 */
export function pickNode(pod: Pod, nodes: Node[], pods: Pod[]): Pick {
  const placements = placementsOf(pods, nodes);
  const reasons = new Map<string, number>();
  const candidates = nodes.filter((node) => {
    const obstacles = obstaclesOn(node, pod, nodes, placements);
    for (const obstacle of obstacles) reasons.set(obstacle, (reasons.get(obstacle) ?? 0) + 1);
    return obstacles.length === 0;
  });
  const ranked = candidates
    .map((node) => {
      const here = placements.filter((placement) => placement.node === node);
      const siblings = here.filter((other) => sameOwner(other.pod, pod)).length;
      const rank = [
        untolerated(node, pod, ['PreferNoSchedule']).length,
        -nodePreference(node, pod),
        spreadCrowding(node, pod, nodes, placements),
        -podPreference(node, pod, placements),
        siblings,
        here.length,
      ];
      return { name: node.metadata.name, rank };
    })
    .sort((a, b) => compare(a.rank, b.rank) || (a.name < b.name ? -1 : 1));
  return ranked[0] ? { node: ranked[0].name } : { reasons };
}

/** As kubectl describe shows it: `0/3 nodes are available: 1 Insufficient memory, 2 node(s) were unschedulable.` */
export function failureMessage(reasons: Map<string, number>, nodes: number): string {
  const parts = [...reasons].map(([reason, count]) => `${count} ${reason}`).sort();
  return nodes === 0 ? 'no nodes available to schedule pods' : `0/${nodes} nodes are available: ${parts.join(', ')}.`;
}

/** Why a node cannot take the pod, in the words and the order of Kubernetes' filters: the first one that objects speaks. */
function obstaclesOn(node: Node, pod: Pod, nodes: Node[], placements: Placement[]): string[] {
  const cordon = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };
  const cordoned: Node = { ...node, spec: { taints: [cordon] } };
  if (node.spec?.unschedulable && untolerated(cordoned, pod, ['NoSchedule']).length > 0) {
    return ['node(s) were unschedulable'];
  }
  if (untolerated(node, pod, ['NoSchedule', 'NoExecute']).length > 0) return ['node(s) had untolerated taint(s)'];
  if (!nodeMatches(node, pod)) return ["node(s) didn't match Pod's node affinity/selector"];
  const lacking = insufficient(node, pod, placements);
  if (lacking.length > 0) return lacking;
  const obstacle = spreadObstacle(node, pod, nodes, placements) ?? podAffinityObstacle(node, pod, placements);
  return obstacle === null ? [] : [obstacle];
}

/** What a node has too little of. */
function insufficient(node: Node, pod: Pod, placements: Placement[]): string[] {
  const here = placements.filter((placement) => placement.node === node);
  const { allocatable } = node.status ?? {};
  const lacking: string[] = [];
  if (allocatable?.pods !== undefined && here.length + 1 > Number(allocatable.pods)) lacking.push('Too many pods');
  const asked = podRequests(pod);
  const taken = here.map((other) => podRequests(other.pod)).reduce(sum, { cpu: 0, memory: 0 });
  const room = amounts(allocatable);
  for (const resource of ['cpu', 'memory'] as const) {
    const available = room[resource] ?? Infinity;
    if (asked[resource] > 0 && taken[resource] + asked[resource] > available) lacking.push(`Insufficient ${resource}`);
  }
  return lacking;
}

function compare(a: number[], b: number[]): number {
  const index = a.findIndex((value, at) => value !== b[at]);
  return index === -1 ? 0 : a[index]! - b[index]!;
}

function sameOwner(a: Pod, b: Pod): boolean {
  const owner = a.metadata.ownerReferences?.[0]?.uid;
  return owner !== undefined && owner === b.metadata.ownerReferences?.[0]?.uid;
}

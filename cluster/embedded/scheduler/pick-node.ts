import type { Node, Pod } from '../kinds/types.ts';
import { parseQuantity } from '../quantity.ts';

/** The node a pod goes to, or for each reason why a node will not do, how many nodes it rules out. */
export type Pick = { node: string } | { reasons: Map<string, number> };

type Obstacle = string | null;

/**
 * First the nodes that may take the pod; of these the one with the fewest pods of the same owner (so that the loss of a
 * node takes as few replicas as possible), then with the fewest pods at all.
 *
 * @param pods all pods of the cluster
 */
export function pickNode(pod: Pod, nodes: Node[], pods: Pod[]): Pick {
  const reasons = new Map<string, number>();
  const candidates = nodes.filter((node) => {
    const obstacle = obstacleOn(node, pod, pods);
    if (obstacle) reasons.set(obstacle, (reasons.get(obstacle) ?? 0) + 1);
    return !obstacle;
  });
  const ranked = candidates
    .map((node) => {
      const here = podsOn(node, pods);
      return {
        name: node.metadata.name,
        siblings: here.filter((other) => sameOwner(other, pod)).length,
        all: here.length,
      };
    })
    .sort((a, b) => a.siblings - b.siblings || a.all - b.all || (a.name < b.name ? -1 : 1));
  return ranked[0] ? { node: ranked[0].name } : { reasons };
}

/** As kubectl describe shows it: `0/3 nodes are available: 1 Insufficient memory, 2 node(s) were unschedulable.` */
export function failureMessage(reasons: Map<string, number>, nodes: number): string {
  const parts = [...reasons].map(([reason, count]) => `${count} ${reason}`).sort();
  return nodes === 0 ? 'no nodes available to schedule pods' : `0/${nodes} nodes are available: ${parts.join(', ')}.`;
}

function obstacleOn(node: Node, pod: Pod, pods: Pod[]): Obstacle {
  const labels = node.metadata.labels ?? {};
  const selector = Object.entries(pod.spec?.nodeSelector ?? {});
  if (!node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True')) {
    return 'node(s) were not ready';
  }
  if (node.spec?.unschedulable) return 'node(s) were unschedulable';
  if (!selector.every(([label, value]) => labels[label] === value)) {
    return "node(s) didn't match Pod's node affinity/selector";
  }
  const here = podsOn(node, pods);
  const room = node.status.allocatable ?? {};
  if (room.pods !== undefined && here.length + 1 > parseQuantity(room.pods)) return 'Too many pods';
  for (const resource of ['cpu', 'memory']) {
    const asked = requests(pod, resource);
    const taken = here.reduce((total, other) => total + requests(other, resource), 0);
    if (room[resource] !== undefined && asked > 0 && taken + asked > parseQuantity(room[resource])) {
      return `Insufficient ${resource}`;
    }
  }
  return null;
}

/** Pods that take up room on a node: those that have ended no longer do. */
function podsOn(node: Node, pods: Pod[]): Pod[] {
  return pods.filter(
    ({ spec, status }) =>
      spec?.nodeName === node.metadata.name && status?.phase !== 'Succeeded' && status?.phase !== 'Failed',
  );
}

function requests(pod: Pod, resource: string): number {
  return (pod.spec?.containers ?? []).reduce(
    (total, { resources }) =>
      total + parseQuantity(resources?.requests?.[resource] ?? resources?.limits?.[resource] ?? 0),
    0,
  );
}

function sameOwner(a: Pod, b: Pod): boolean {
  const owner = a.metadata.ownerReferences?.[0]?.uid;
  return owner !== undefined && owner === b.metadata.ownerReferences?.[0]?.uid;
}

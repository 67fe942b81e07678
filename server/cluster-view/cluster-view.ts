import type { Cluster } from '../../cluster/client/cluster.ts';
import { podsOf } from '../../cluster/client/rollout.ts';
import type { Node } from '../../cluster/client/objects.ts';
import type { ClusterView } from '../contract/topology.ts';
import { factsOf } from '../shop-facts/shop-facts.ts';
import type { ClusterEvent } from '../system.ts';
import type { KnownService } from '../telemetry/topology.ts';
import { podView } from './pod-view.ts';

/** What a page calls a cluster, by the name of its context. */
const names: Partial<Record<string, string>> = { breakwater: 'embedded' };
const listedEvents = 200;

/** @param problem what keeps the machine from working */
export function clusterView(cluster: Cluster, problem: string | null): ClusterView {
  const { nodes, pods, connected } = cluster.view;
  return {
    name: names[cluster.name] ?? cluster.name.replace(/^kind-.*/, 'kind'),
    connected,
    nodes: nodes.list().map((node) => ({ name: node.metadata.name, ready: isReady(node) })),
    pods: pods.list().length,
    problem,
  };
}

/** The shop's services with their pods, as the cluster knows them. */
export function knownServices(cluster: Cluster, now: number): KnownService[] {
  const pods = cluster.view.pods.list();
  return cluster.view.deployments.list().map((deployment) => {
    const { service, role, entry } = factsOf(deployment);
    const views = podsOf(deployment, pods).map((pod) => podView(pod, now));
    return { service, role, entry, pods: views };
  });
}

/** The latest first. */
export function clusterEvents(cluster: Cluster): ClusterEvent[] {
  const events = cluster.view.events.list().map((event) => ({
    at: Date.parse(event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp ?? '') || 0,
    type: event.type ?? 'Normal',
    reason: event.reason ?? '',
    object: `${event.involvedObject.kind ?? ''}/${event.involvedObject.name ?? ''}`,
    message: event.message ?? '',
    count: event.count ?? 1,
  }));
  return events.sort((a, b) => b.at - a.at).slice(0, listedEvents);
}

function isReady({ status }: Node): boolean {
  return status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

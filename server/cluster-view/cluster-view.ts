import type { Cluster } from '../../cluster/client/cluster.ts';
import { podsOf } from '../../cluster/client/rollout.ts';
import type { Deployment, Node } from '../../cluster/embedded/kinds/types.ts';
import type { ClusterView, ServiceRole } from '../contract/topology.ts';
import type { ClusterEvent } from '../system.ts';
import type { KnownService } from '../telemetry/topology.ts';
import { podView } from './pod-view.ts';

/** Label of a Deployment that says what part it plays; `service` without one. */
const roleLabel = 'breakwater.dev/role';
const roles: readonly ServiceRole[] = ['load', 'service', 'database', 'third-party'];
const listedEvents = 200;

export function clusterView(cluster: Cluster): ClusterView {
  const { nodes, pods, connected } = cluster.view;
  return {
    name: cluster.name.replace(/^kind-.*/, 'kind'),
    connected,
    nodes: nodes.list().map((node) => ({ name: node.metadata.name, ready: isReady(node) })),
    pods: pods.list().length,
  };
}

/** The shop's services with their pods, as the cluster knows them. */
export function knownServices(cluster: Cluster, now: number): KnownService[] {
  const pods = cluster.view.pods.list();
  return cluster.view.deployments.list().map((deployment) => ({
    service: deployment.spec?.template.metadata?.labels?.['app'] ?? deployment.metadata.name,
    role: roleOf(deployment),
    pods: podsOf(deployment, pods).map((pod) => podView(pod, now)),
  }));
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

function roleOf({ metadata }: Deployment): ServiceRole {
  const label = metadata.labels?.[roleLabel];
  return roles.find((role) => role === label) ?? 'service';
}

function isReady({ status }: Node): boolean {
  return status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

import { timestamp } from '../../kinds/timestamp.ts';
import type { Pod } from '../../kinds/types.ts';
import { conflict } from '../api-error.ts';
import type { Resource } from './resource.ts';

/**
 * Binds a pod to a node, once and for all.
 *
 * @throws ApiError NotFound, Conflict
 */
export function bindPod(pods: Resource, name: string, namespace: string, nodeName: string): void {
  const pod = pods.get(name, namespace) as Pod;
  if (pod.metadata.deletionTimestamp)
    throw conflict(pods.name, name, `pod ${name} is being deleted, cannot be assigned to a host`);
  if (pod.spec?.nodeName)
    throw conflict(pods.name, name, `pod ${name} is already assigned to node "${pod.spec.nodeName}"`);
  const conditions = (pod.status?.conditions ?? []).filter(({ type }) => type !== 'PodScheduled');
  const scheduled = { type: 'PodScheduled', status: 'True', lastTransitionTime: timestamp() };
  pods.replace(pod, {
    ...pod,
    spec: { ...pod.spec!, nodeName },
    status: { ...pod.status, conditions: [...conditions, scheduled] },
  } as Pod);
}

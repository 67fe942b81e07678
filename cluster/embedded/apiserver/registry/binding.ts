import { timestamp } from '../../kinds/timestamp.ts';
import type { Pod } from '../../kinds/types.ts';
import { conflict } from '../api-error.ts';
import type { Conditions, StoredResource } from './stored-resource.ts';

/**
 * Binds a pod to a node, once and for all, as far as it is the one that is meant.
 *
 * @throws ApiError NotFound, Conflict
 */
export function bindPod(
  pods: StoredResource,
  name: string,
  namespace: string,
  nodeName: string,
  conditions: Conditions = {},
): void {
  const pod = pods.get(name, namespace) as Pod;
  if (pod.metadata.deletionTimestamp)
    throw conflict(pods.name, name, `pod ${name} is being deleted, cannot be assigned to a host`);
  if (pod.spec?.nodeName)
    throw conflict(pods.name, name, `pod ${name} is already assigned to node "${pod.spec.nodeName}"`);
  if (pod.spec?.schedulingGates?.length)
    throw conflict(pods.name, name, `pod ${name} has non-empty .spec.schedulingGates`);
  const others = (pod.status?.conditions ?? []).filter(({ type }) => type !== 'PodScheduled');
  const scheduled = { type: 'PodScheduled', status: 'True', lastTransitionTime: timestamp() };
  const status = { ...pod.status, conditions: [...others, scheduled] };
  pods.replace(pod, { ...pod, spec: { ...pod.spec!, nodeName }, status } as Pod, conditions);
}

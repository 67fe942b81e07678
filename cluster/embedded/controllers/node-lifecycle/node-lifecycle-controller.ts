import { isDeepStrictEqual } from 'node:util';
import type { Api } from '../../apiserver/api.ts';
import { NODE_LEASES } from '../../kinds/lease.ts';
import { timestamp } from '../../kinds/timestamp.ts';
import type { Node, Pod } from '../../kinds/types.ts';
import { ignoreNotFound, orNull } from '../../reconcile/api-errors.ts';
import { splitKey } from '../../reconcile/controller.ts';
import { defineController, type Context } from '../../reconcile/define-controller.ts';
import { isReady } from '../../reconcile/pod-state.ts';
import { readyCondition, withConditionTaints } from './node-taints.ts';

/** A node whose kubelet has not renewed its Lease for this long counts as lost (Kubernetes' own default). */
const graceMs = 50_000;

/**
 * Notices kubelets that have fallen silent: their nodes are no longer Ready, and neither are the pods on them. What a node's
 * conditions and a cordon say is also said in taints, by which scheduler and eviction go.
 */
export const startNodeLifecycleController = defineController({
  name: 'node-lifecycle',
  for: 'Node',
  maps: () => ({ Lease: ({ metadata }) => (metadata.namespace === NODE_LEASES ? `/${metadata.name}` : null) }),
  reconcile: reconcileNode,
});

export async function reconcileNode(context: Context, key: string): Promise<number | void> {
  const { api } = context;
  const now = context.now();
  const { name } = splitKey(key);
  const node = await orNull(api.get('Node', name));
  if (!node) return;
  const lease = await orNull(api.get('Lease', name, NODE_LEASES));
  const renewed = Date.parse(lease?.spec?.renewTime ?? node.metadata.creationTimestamp ?? '');
  const left = renewed + graceMs - now;
  const isLost = left <= 0 && readyCondition(node)?.status !== 'Unknown';
  const present = isLost ? await api.updateStatus('Node', lost(node, now)) : node;
  await setTaints(api, present, now);
  if (left > 0) return left;
  const { items } = await api.list('Pod', { fieldSelector: `spec.nodeName=${name}` });
  for (const pod of items.filter(isReady)) await markNotReady(api, pod, now);
}

/** @throws ApiError Conflict when somebody else has tainted it in between */
async function setTaints(api: Api, node: Node, now: number): Promise<void> {
  const taints = withConditionTaints(node, now);
  if (isDeepStrictEqual(taints, node.spec?.taints ?? [])) return;
  const { resourceVersion } = node.metadata;
  await api.patch('Node', node.metadata.name, undefined, { metadata: { resourceVersion }, spec: { taints } });
}

/** A kubelet that has never said anything has left no conditions: then Ready is the one that is unknown. */
function lost(node: Node, now: number): Node {
  const time = timestamp(now);
  const found = node.status?.conditions ?? [];
  const conditions = (found.length > 0 ? found : [{ type: 'Ready', status: '' }]).map((condition) => ({
    ...condition,
    status: 'Unknown',
    reason: 'NodeStatusUnknown',
    message: 'Kubelet stopped posting node status.',
    lastTransitionTime: condition.status === 'Unknown' ? condition.lastTransitionTime : time,
  }));
  return { ...node, status: { ...node.status, conditions } };
}

async function markNotReady(api: Api, pod: Pod, now: number): Promise<void> {
  const lastTransitionTime = timestamp(now);
  const conditions = pod.status!.conditions!.map((condition) =>
    condition.type === 'Ready' ? { ...condition, status: 'False', lastTransitionTime } : condition,
  );
  await ignoreNotFound(api.updateStatus('Pod', { ...pod, status: { ...pod.status, conditions } }));
}

import type { Api } from '../apiserver/api.ts';
import { NODE_LEASES } from '../kinds/lease.ts';
import { timestamp } from '../kinds/timestamp.ts';
import type { Node, Pod } from '../kinds/types.ts';
import { isNotFound, orNull } from '../reconcile/api-errors.ts';
import { splitKey, startController, type Running } from '../reconcile/controller.ts';
import { isReady } from './pod-state.ts';

/** A node whose kubelet has not renewed its Lease for this long counts as lost (Kubernetes' own default). */
const graceMs = 40_000;

/** Notices kubelets that have fallen silent: their nodes are no longer Ready, and neither are the pods on them. */
export function startNodeLifecycleController(api: Api): Running {
  return startController(api, {
    name: 'node-lifecycle',
    watch: {
      Node: (node) => `/${node.metadata.name}`,
      Lease: (lease) => (lease.metadata.namespace === NODE_LEASES ? `/${lease.metadata.name}` : null),
    },
    reconcile: (key) => reconcileNode(api, key, Date.now()),
  });
}

export async function reconcileNode(api: Api, key: string, now: number): Promise<number | void> {
  const { name } = splitKey(key);
  const node = await orNull(api.get('Node', name));
  if (!node) return;
  const lease = await orNull(api.get('Lease', name, NODE_LEASES));
  const renewed = Date.parse(lease?.spec?.renewTime ?? node.metadata.creationTimestamp ?? '');
  const left = renewed + graceMs - now;
  if (left > 0) return left;
  const ready = node.status?.conditions?.find(({ type }) => type === 'Ready');
  if (ready?.status !== 'Unknown') await api.updateStatus('Node', lost(node, new Date(now)));
  const { items } = await api.list('Pod', { fieldSelector: `spec.nodeName=${name}` });
  for (const pod of items.filter(isReady)) await markNotReady(api, pod, new Date(now));
}

function lost(node: Node, now: Date): Node {
  const time = timestamp(now);
  const conditions = (node.status?.conditions ?? []).map((condition) => ({
    ...condition,
    status: 'Unknown',
    reason: 'NodeStatusUnknown',
    message: 'Kubelet stopped posting node status.',
    lastTransitionTime: condition.status === 'Unknown' ? condition.lastTransitionTime : time,
  }));
  return { ...node, status: { ...node.status, conditions } };
}

async function markNotReady(api: Api, pod: Pod, now: Date): Promise<void> {
  const lastTransitionTime = timestamp(now);
  const conditions = pod.status!.conditions!.map((condition) =>
    condition.type === 'Ready' ? { ...condition, status: 'False', lastTransitionTime } : condition,
  );
  try {
    await api.updateStatus('Pod', { ...pod, status: { ...pod.status, conditions } });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

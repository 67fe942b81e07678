import type { Api } from '../apiserver/api.ts';
import { isNotFound, orNull } from '../reconcile/api-errors.ts';
import { keyOf, splitKey, startController, type Running } from '../reconcile/controller.ts';

/** Removes pods whose node is gone: no kubelet is left that could end them and say so. */
export function startOrphanedPodsController(api: Api): Running {
  const podsByNode = new Map<string, Set<string>>();
  return startController(api, {
    name: 'orphaned-pods',
    watch: {
      Pod(pod, type) {
        const node = pod.spec?.nodeName;
        if (!node) return null;
        const pods = podsByNode.get(node) ?? new Set();
        podsByNode.set(node, pods);
        if (type === 'DELETED') pods.delete(keyOf(pod));
        else pods.add(keyOf(pod));
        return type === 'DELETED' ? null : keyOf(pod);
      },
      Node: (node, type) => (type === 'DELETED' ? [...(podsByNode.get(node.metadata.name) ?? [])] : null),
    },
    reconcile: (key) => reconcileOrphan(api, key),
  });
}

export async function reconcileOrphan(api: Api, key: string): Promise<void> {
  const { namespace, name } = splitKey(key);
  const pod = await orNull(api.get('Pod', name, namespace));
  if (!pod?.spec?.nodeName || (await orNull(api.get('Node', pod.spec.nodeName)))) return;
  try {
    await api.delete('Pod', name, namespace, { gracePeriodSeconds: 0, uid: pod.metadata.uid });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

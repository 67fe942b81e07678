import type { WatchEvent } from '../apiserver/api.ts';
import type { Node } from '../kinds/types.ts';
import { keyOf, type Watches } from './controller.ts';

/** For whom pods are the keys: a change of a node concerns the pods on it, if it is one that `matters`. */
export function podsOfNodes(matters: (type: WatchEvent<Node>['type']) => boolean): Watches {
  const podsByNode = new Map<string, Set<string>>();
  return {
    Pod(pod, type) {
      const node = pod.spec?.nodeName;
      if (!node) return null;
      const pods = podsByNode.get(node) ?? new Set();
      podsByNode.set(node, pods);
      if (type === 'DELETED') pods.delete(keyOf(pod));
      else pods.add(keyOf(pod));
      return null;
    },
    Node: (node, type) => (matters(type) ? [...(podsByNode.get(node.metadata.name) ?? [])] : null),
  };
}

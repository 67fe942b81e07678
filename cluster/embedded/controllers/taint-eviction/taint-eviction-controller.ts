import type { Pod } from '../../kinds/types.ts';
import { ignoreNotFound, orNull } from '../../reconcile/api-errors.ts';
import { setCondition } from '../../reconcile/conditions.ts';
import { splitKey } from '../../reconcile/controller.ts';
import { defineController, type Context } from '../../reconcile/define-controller.ts';
import { podsOfNodes } from '../../reconcile/pods-of-nodes.ts';
import { tolerates, type Taint } from '../../reconcile/taints.ts';
import { writeStatus } from '../../reconcile/write-status.ts';

/** Evicts pods from nodes with a NoExecute taint that they do not bear, or no longer. */
export const startTaintEvictionController = defineController({
  name: 'taint-eviction',
  for: 'Pod',
  maps: () => podsOfNodes(() => true),
  reconcile: reconcilePodOnTaintedNode,
});

export async function reconcilePodOnTaintedNode(context: Context, key: string): Promise<number | void> {
  const { api, events } = context;
  const now = context.now();
  const { namespace, name } = splitKey(key);
  const pod = await orNull(api.get('Pod', name, namespace));
  if (!pod?.spec?.nodeName || pod.metadata.deletionTimestamp) return;
  const node = await orNull(api.get('Node', pod.spec.nodeName));
  const at = evictionTime(node?.spec?.taints ?? [], pod);
  if (at === Infinity) return;
  if (at > now) return at - now;
  events.event({ object: pod }, 'Normal', 'TaintManagerEviction', `Marking for deletion Pod ${namespace}/${name}`);
  const message = 'Taint manager: deleting due to NoExecute taint';
  const condition = { type: 'DisruptionTarget', status: 'True', reason: 'DeletionByTaintManager', message };
  await writeStatus(api, pod, { ...pod.status, conditions: setCondition(pod.status?.conditions, condition, now) });
  await ignoreNotFound(api.delete('Pod', name, namespace, { uid: pod.metadata.uid }));
}

/**
 * When a pod has to leave its node: unix time in ms; 0 is at once, Infinity never. A toleration with tolerationSeconds counts from
 * when the taint was added.
 * https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/#taint-based-evictions
 */
export function evictionTime(taints: Taint[], { spec }: Pod): number {
  const times = taints
    .filter(({ effect }) => effect === 'NoExecute')
    .map((taint) => {
      const toleration = spec?.tolerations?.find((one) => tolerates(one, taint));
      if (!toleration) return 0;
      if (toleration.tolerationSeconds === undefined) return Infinity;
      // Until the node's controller has written down the time, it has not begun to run.
      if (taint.timeAdded === undefined) return Infinity;
      return Date.parse(taint.timeAdded) + toleration.tolerationSeconds * 1000;
    });
  return Math.min(Infinity, ...times);
}

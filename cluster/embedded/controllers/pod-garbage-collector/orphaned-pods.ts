import { ignoreNotFound, orNull } from '../../reconcile/api-errors.ts';
import { splitKey } from '../../reconcile/controller.ts';
import { defineController, type Context } from '../../reconcile/define-controller.ts';
import { podsOfNodes } from '../../reconcile/pods-of-nodes.ts';

/** Removes pods whose node is gone: no kubelet is left that could end them and say so. */
export const startPodGarbageCollector = defineController({
  name: 'pod-garbage-collector',
  for: 'Pod',
  maps: () => podsOfNodes((type) => type === 'DELETED'),
  reconcile: reconcileOrphan,
});

export async function reconcileOrphan({ api }: Context, key: string): Promise<void> {
  const { namespace, name } = splitKey(key);
  const pod = await orNull(api.get('Pod', name, namespace));
  if (!pod?.spec?.nodeName || (await orNull(api.get('Node', pod.spec.nodeName)))) return;
  await ignoreNotFound(api.delete('Pod', name, namespace, { gracePeriodSeconds: 0, uid: pod.metadata.uid }));
}

import { namespacesOf, type World } from '../../../faults/targets.ts';
import type { Api } from '../../apiserver/api.ts';

/** What targets are looked up in, as it is now. */
export async function worldOf(api: Api): Promise<World> {
  const [namespaces, pods, services, deployments, nodes] = await Promise.all([
    api.list('Namespace'),
    api.list('Pod'),
    api.list('Service'),
    api.list('Deployment'),
    api.list('Node'),
  ]);
  return {
    ...{ namespaces: namespaces.items, pods: pods.items, services: services.items },
    ...{ deployments: deployments.items, nodes: nodes.items },
  };
}

/** Whether there is a block in any namespace of the scope that this one belongs to. */
export async function isBlocked(api: Api, namespace: string): Promise<boolean> {
  const blocks = (await api.list('FaultBlock')).items.filter(({ metadata }) => !metadata.deletionTimestamp);
  if (blocks.length === 0) return false;
  const scope = namespacesOf(namespace, (await api.list('Namespace')).items);
  return blocks.some(({ metadata }) => scope.has(metadata.namespace!));
}

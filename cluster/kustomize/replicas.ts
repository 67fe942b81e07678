import type { Resource } from './kube-object.ts';
import { KustomizeError } from './kustomize-error.ts';
import { at } from './workload.ts';

const scalable = new Set(['Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet']);

/** Sets the number of replicas of workloads by name. */
export function setReplicas(resources: Resource[], counts: { name: string; count: number }[], folder: string): void {
  for (const { name, count } of counts) {
    const matching = resources.filter(({ object, originalName }) => {
      return scalable.has(object.kind) && (originalName === name || object.metadata.name === name);
    });
    if (matching.length === 0) {
      throw new KustomizeError('no-match', `${folder} sets the replicas of ${name}, but no workload has that name.`);
    }
    for (const { object } of matching) at(object, ['spec'])['replicas'] = count;
  }
}

import type { Deployment, Pod } from '../embedded/kinds/types.ts';

export interface Rollout {
  deployment: string;
  /** Every wanted pod runs the newest revision and is ready, and no older pod is left. */
  complete: boolean;
  /** As `kubectl rollout status` would say it. */
  message: string;
}

/** How far a Deployment's rollout is; the rules of `kubectl rollout status`, plus that old pods are gone. */
export function rollout(deployment: Deployment, pods: Pod[]): Rollout {
  const name = deployment.metadata.name;
  const wanted = deployment.spec?.replicas ?? 1;
  const { observedGeneration = 0, updatedReplicas = 0, replicas = 0, availableReplicas = 0 } = deployment.status ?? {};
  const answer = (message: string, complete = false) => ({ deployment: name, complete, message });
  if (observedGeneration < (deployment.metadata.generation ?? 0))
    return answer('waiting for the change to be observed');
  if (updatedReplicas < wanted) return answer(`${updatedReplicas} of ${wanted} pods are new`);
  if (replicas > updatedReplicas) return answer(`${replicas - updatedReplicas} old pods are still running`);
  if (availableReplicas < wanted) return answer(`${availableReplicas} of ${wanted} new pods are available`);
  const leaving = podsOf(deployment, pods).filter(({ metadata }) => metadata.deletionTimestamp);
  if (leaving.length > 0) return answer(`${leaving.length} old pods are still draining`);
  return answer('rolled out', true);
}

/** Pods of its namespace that the Deployment's selector matches. */
export function podsOf(deployment: Deployment, pods: Pod[]): Pod[] {
  const labels = Object.entries(deployment.spec?.selector.matchLabels ?? {});
  const { namespace } = deployment.metadata;
  return pods.filter(
    ({ metadata }) =>
      metadata.namespace === namespace && labels.every(([name, value]) => metadata.labels?.[name] === value),
  );
}

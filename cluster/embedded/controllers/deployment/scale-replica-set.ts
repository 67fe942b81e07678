import type { Deployment, ReplicaSet } from '../../kinds/types.ts';
import type { Context } from '../../reconcile/define-controller.ts';
import { rolloutBounds } from './rolling-update.ts';

/** What the Deployment wanted when the ReplicaSet was last given its size: replicas, and with the surge on top. */
export const desiredReplicasAnnotation = 'deployment.kubernetes.io/desired-replicas';
export const maxReplicasAnnotation = 'deployment.kubernetes.io/max-replicas';

/** Gives a ReplicaSet its size, and tells of it; answers the ReplicaSet as it is then. */
export async function scale(
  { api, events }: Context,
  deployment: Deployment,
  replicaSet: ReplicaSet,
  replicas: number,
): Promise<ReplicaSet> {
  const before = replicaSet.spec?.replicas ?? 0;
  const annotations = sizeAnnotations(deployment);
  const noted = Object.entries(annotations).every(([key, value]) => replicaSet.metadata.annotations?.[key] === value);
  if (before === replicas && (noted || replicas === 0)) return replicaSet;
  const { name, namespace } = replicaSet.metadata;
  const scaled = await api.patch('ReplicaSet', name, namespace, { metadata: { annotations }, spec: { replicas } });
  if (before !== replicas) {
    events.event(
      { object: deployment },
      'Normal',
      'ScalingReplicaSet',
      `Scaled ${replicas > before ? 'up' : 'down'} replica set ${name} from ${before} to ${replicas}`,
    );
  }
  return scaled;
}

function sizeAnnotations(deployment: Deployment): Record<string, string> {
  const { desired, maxSurge } = rolloutBounds(deployment);
  return { [desiredReplicasAnnotation]: String(desired), [maxReplicasAnnotation]: String(desired + maxSurge) };
}

import type { Api } from '../../apiserver/api.ts';
import type { Deployment, ReplicaSet } from '../../kinds/types.ts';
import { isAlreadyExists } from '../../reconcile/api-errors.ts';
import { controllerReference } from '../../reconcile/owner.ts';
import { templateHash } from '../../reconcile/template-hash.ts';
import { hashLabel, revisionAnnotation, revisionOf } from './revision.ts';
import { desiredReplicasAnnotation, maxReplicasAnnotation } from './scale-replica-set.ts';

/** kubectl's own memory of the last apply, and what the Deployment controller itself notes: neither is inherited. */
const notInherited = [
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionAnnotation,
  desiredReplicasAnnotation,
  maxReplicasAnnotation,
];

/**
 * Brings to the ReplicaSet what changes in a Deployment without changing its template: annotations (the change-cause of
 * `kubectl rollout history`) and minReadySeconds. When an older template has come back (`kubectl rollout undo`) it
 * becomes the newest revision.
 */
export async function updateReplicaSet(
  api: Api,
  deployment: Deployment,
  replicaSet: ReplicaSet,
  old: ReplicaSet[],
): Promise<ReplicaSet> {
  const { name, namespace, annotations: has = {} } = replicaSet.metadata;
  const newest = newestRevision(old);
  const annotations = inheritedAnnotations(deployment);
  if (revisionOf(replicaSet) <= newest) annotations[revisionAnnotation] = String(newest + 1);
  const minReadySeconds = deployment.spec?.minReadySeconds ?? 0;
  const same = Object.entries(annotations).every(([key, value]) => has[key] === value);
  if (same && (replicaSet.spec?.minReadySeconds ?? 0) === minReadySeconds) return replicaSet;
  return api.patch('ReplicaSet', name, namespace, { metadata: { annotations }, spec: { minReadySeconds } });
}

/** A ReplicaSet for the Deployment's template, without replicas as yet, as the newest revision. */
export async function createReplicaSet(api: Api, deployment: Deployment, old: ReplicaSet[]): Promise<ReplicaSet> {
  const { name, namespace } = deployment.metadata;
  const { selector, template, minReadySeconds } = deployment.spec!;
  const hash = templateHash(template, deployment.status?.collisionCount);
  try {
    return await api.create('ReplicaSet', {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: `${name}-${hash}`,
        namespace,
        labels: { ...template.metadata?.labels, [hashLabel]: hash },
        annotations: { ...inheritedAnnotations(deployment), [revisionAnnotation]: String(newestRevision(old) + 1) },
        ownerReferences: [controllerReference(deployment)],
      },
      spec: {
        replicas: 0,
        minReadySeconds,
        selector: { ...selector, matchLabels: { ...selector.matchLabels, [hashLabel]: hash } },
        template: {
          ...template,
          metadata: { ...template.metadata, labels: { ...template.metadata?.labels, [hashLabel]: hash } },
        },
      },
    });
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    // Another template has this hash, or the ReplicaSet of a deleted namesake is still there: the next look tries
    // another hash.
    const collisionCount = (deployment.status?.collisionCount ?? 0) + 1;
    await api.patch('Deployment', name, namespace, { status: { collisionCount } }, 'status');
    throw error;
  }
}

function inheritedAnnotations({ metadata }: Deployment): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata.annotations ?? {}).filter(([key]) => !notInherited.includes(key)));
}

function newestRevision(replicaSets: ReplicaSet[]): number {
  return Math.max(0, ...replicaSets.map(revisionOf));
}

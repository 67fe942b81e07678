import type { Api } from '../apiserver/api.ts';
import type { Deployment, ReplicaSet } from '../kinds/types.ts';
import { isAlreadyExists } from '../reconcile/api-errors.ts';
import { controllerReference } from '../reconcile/owner.ts';
import { hashLabel, revisionAnnotation, revisionOf, templateHash } from './revision.ts';

/** kubectl's own memory of the last apply, and ours; neither says anything about a ReplicaSet. */
const notInherited = ['kubectl.kubernetes.io/last-applied-configuration', revisionAnnotation];

/**
 * The ReplicaSet that runs the Deployment's template: made when there is none, and given the newest revision when an
 * older template has come back (`kubectl rollout undo`).
 */
export async function currentReplicaSet(
  api: Api,
  deployment: Deployment,
  matching: ReplicaSet | null,
  old: ReplicaSet[],
): Promise<ReplicaSet> {
  const newest = Math.max(0, ...old.map(revisionOf));
  if (!matching) return create(api, deployment, newest + 1);
  if (revisionOf(matching) > newest) return matching;
  const { name, namespace } = matching.metadata;
  const annotations = { [revisionAnnotation]: String(newest + 1) };
  return api.patch('ReplicaSet', name, namespace, { metadata: { annotations } });
}

async function create(api: Api, deployment: Deployment, revision: number): Promise<ReplicaSet> {
  const { name, namespace } = deployment.metadata;
  const { selector, template, minReadySeconds } = deployment.spec!;
  const hash = templateHash(deployment);
  const inherited = Object.entries(deployment.metadata.annotations ?? {}).filter(
    ([key]) => !notInherited.includes(key),
  );
  try {
    return await api.create('ReplicaSet', {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: `${name}-${hash}`,
        namespace,
        labels: { ...template.metadata?.labels, [hashLabel]: hash },
        annotations: { ...Object.fromEntries(inherited), [revisionAnnotation]: String(revision) },
        ownerReferences: [controllerReference('apps/v1', 'Deployment', deployment)],
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

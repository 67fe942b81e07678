import { isDeepStrictEqual } from 'node:util';
import type { Api } from '../../apiserver/api.ts';
import type { Deployment, ReplicaSet } from '../../kinds/types.ts';
import { ignoreNotFound, orNull } from '../../reconcile/api-errors.ts';
import { claim } from '../../reconcile/claim.ts';
import { splitKey, type KeysOf, type Watches } from '../../reconcile/controller.ts';
import { defineController, type Context } from '../../reconcile/define-controller.ts';
import { controllerOf } from '../../reconcile/owner.ts';
import { deploymentStatus, isComplete, untilDeadline } from './deployment-status.ts';
import { updateReplicaSet } from './new-replica-set.ts';
import { isScaled } from './proportional-scaling.ts';
import { byAge, byRevision, revisionAnnotation, revisionOf, runsTemplate } from './revision.ts';
import { recreate, resize, rollOn } from './rollout.ts';

/** Rolls the pods of a Deployment from one template to the next by growing one ReplicaSet and shrinking the others. */
export const startDeploymentController = defineController({
  name: 'deployment',
  for: 'Deployment',
  owns: ['ReplicaSet'],
  maps: lastPods,
  reconcile: reconcileDeployment,
});

/** A Recreate waits for the end of the last old pod, long after its ReplicaSet has stopped counting it. */
function lastPods(): Watches {
  const deployments = new Map<string, string>();
  const noteDeployment: KeysOf<ReplicaSet> = (replicaSet, type) => {
    const { uid, namespace } = replicaSet.metadata;
    const deployment = controllerOf(replicaSet);
    if (type === 'DELETED' || !deployment) deployments.delete(uid!);
    else deployments.set(uid!, `${namespace}/${deployment.name}`);
    return null;
  };
  return {
    ReplicaSet: noteDeployment,
    Pod: (pod, type) => (type === 'DELETED' ? (deployments.get(controllerOf(pod)?.uid ?? '') ?? null) : null),
  };
}

export async function reconcileDeployment(context: Context, key: string): Promise<number | void> {
  const { api } = context;
  const { namespace, name } = splitKey(key);
  let deployment = await orNull(api.get('Deployment', name, namespace));
  if (!deployment || deployment.metadata.deletionTimestamp) return;
  const owned = await ownedReplicaSets(api, deployment);
  const matching = owned.find((replicaSet) => runsTemplate(replicaSet, deployment!.spec!.template)) ?? null;
  const others = owned.filter((replicaSet) => replicaSet !== matching).sort(byAge);
  const updated = matching && (await updateReplicaSet(api, deployment, matching, others));
  const { paused, strategy } = deployment.spec!;
  const step = paused || isScaled(deployment, owned) ? resize : strategy?.type === 'Recreate' ? recreate : rollOn;
  const { current, old } = await step(context, deployment, { current: updated, old: others });

  deployment = await noteRevision(api, deployment, current);
  const status = deploymentStatus(deployment, current, old, context.now());
  if (!isDeepStrictEqual(status, deployment.status)) {
    deployment = await api.updateStatus('Deployment', { ...deployment, status });
  }
  if (isComplete(deployment, status)) await forgetOldRevisions(api, deployment, old);
  const left = untilDeadline(deployment, context.now());
  if (left !== null && left > 0) return left + 100;
}

async function ownedReplicaSets(api: Api, deployment: Deployment): Promise<ReplicaSet[]> {
  const { items } = await api.list('ReplicaSet', { namespace: deployment.metadata.namespace });
  return (await claim(api, deployment, 'ReplicaSet', items)).sort(byRevision);
}

async function noteRevision(api: Api, deployment: Deployment, current: ReplicaSet | null): Promise<Deployment> {
  if (!current || revisionOf(deployment) === revisionOf(current)) return deployment;
  const { name, namespace } = deployment.metadata;
  const annotations = { [revisionAnnotation]: String(revisionOf(current)) };
  return api.patch('Deployment', name, namespace, { metadata: { annotations } });
}

/** Keeps as many old ReplicaSets as `kubectl rollout undo` is to reach back to. */
async function forgetOldRevisions(api: Api, deployment: Deployment, old: ReplicaSet[]): Promise<void> {
  const idle = old.filter(({ spec, status }) => !spec?.replicas && !status?.replicas).sort(byRevision);
  for (const { metadata } of idle.slice(deployment.spec?.revisionHistoryLimit ?? 10)) {
    await ignoreNotFound(api.delete('ReplicaSet', metadata.name, metadata.namespace, { uid: metadata.uid }));
  }
}

import { isDeepStrictEqual } from 'node:util';
import type { Api } from '../apiserver/api.ts';
import type { Deployment, ReplicaSet } from '../kinds/types.ts';
import { isNotFound, orNull } from '../reconcile/api-errors.ts';
import { claim, claimants } from '../reconcile/claim.ts';
import { splitKey, startController, type Running } from '../reconcile/controller.ts';
import { startEventRecorder, type EventRecorder } from '../reconcile/events.ts';
import { controllerOf } from '../reconcile/owner.ts';
import { deploymentStatus, isComplete, untilDeadline } from './deployment-status.ts';
import { updateReplicaSet } from './new-replicaset.ts';
import { isScaled } from './proportional-scaling.ts';
import { byAge, byRevision, revisionAnnotation, revisionOf, runsTemplate } from './revision.ts';
import { recreate, resize, rollOn } from './rollout.ts';

/** Rolls the pods of a Deployment from one template to the next by growing one ReplicaSet and shrinking the others. */
export function startDeploymentController(api: Api): Running {
  const recorder = startEventRecorder(api, 'deployment-controller');
  const { owner, dependent } = claimants<Deployment>('Deployment');
  const concerned = new Map<string, ReturnType<typeof dependent>>();
  return startController(api, {
    name: 'deployment',
    watch: {
      Deployment: owner,
      ReplicaSet(replicaSet, type) {
        const keys = dependent(replicaSet, type);
        if (type === 'DELETED') concerned.delete(replicaSet.metadata.uid!);
        else concerned.set(replicaSet.metadata.uid!, keys);
        return keys;
      },
      // A Recreate waits for the end of the last old pod, long after its ReplicaSet has stopped counting it.
      Pod: (pod, type) => (type === 'DELETED' ? (concerned.get(controllerOf(pod)?.uid ?? '') ?? null) : null),
    },
    reconcile: (key) => reconcileDeployment(api, recorder, key),
  });
}

export async function reconcileDeployment(api: Api, recorder: EventRecorder, key: string): Promise<number | void> {
  const { namespace, name } = splitKey(key);
  let deployment = await orNull(api.get('Deployment', name, namespace));
  if (!deployment || deployment.metadata.deletionTimestamp) return;
  const owned = await ownedReplicaSets(api, deployment);
  const matching = owned.find((replicaSet) => runsTemplate(replicaSet, deployment!.spec!.template)) ?? null;
  const others = owned.filter((replicaSet) => replicaSet !== matching).sort(byAge);
  const updated = matching && (await updateReplicaSet(api, deployment, matching, others));
  const { paused, strategy } = deployment.spec!;
  const step = paused || isScaled(deployment, owned) ? resize : strategy?.type === 'Recreate' ? recreate : rollOn;
  const { current, old } = await step(api, recorder, deployment, { current: updated, old: others });

  deployment = await noteRevision(api, deployment, current);
  const status = deploymentStatus(deployment, current, old, new Date());
  if (!isDeepStrictEqual(status, deployment.status)) {
    deployment = await api.updateStatus('Deployment', { ...deployment, status });
  }
  if (isComplete(deployment, status)) await forgetOldRevisions(api, deployment, old);
  const left = untilDeadline(deployment, new Date());
  if (left !== null && left > 0) return left + 100;
}

async function ownedReplicaSets(api: Api, deployment: Deployment): Promise<ReplicaSet[]> {
  const { items } = await api.list('ReplicaSet', { namespace: deployment.metadata.namespace });
  return (await claim(api, 'Deployment', deployment, 'ReplicaSet', items)).sort(byRevision);
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
    try {
      await api.delete('ReplicaSet', metadata.name, metadata.namespace, { uid: metadata.uid });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}

import { isDeepStrictEqual } from 'node:util';
import type { Api } from '../apiserver/api.ts';
import type { Deployment, ReplicaSet } from '../kinds/types.ts';
import { isNotFound, orNull } from '../reconcile/api-errors.ts';
import { keyOf, splitKey, startController, type Running } from '../reconcile/controller.ts';
import { startEventRecorder, type EventRecorder } from '../reconcile/events.ts';
import { controllerKey, isControlledBy } from '../reconcile/owner.ts';
import { deploymentStatus, isComplete, untilDeadline } from './deployment-status.ts';
import { selectorText } from './label-selector.ts';
import { updateReplicaSet } from './new-replicaset.ts';
import { isScaled } from './proportional-scaling.ts';
import { byAge, byRevision, revisionAnnotation, revisionOf, runsTemplate } from './revision.ts';
import { recreate, resize, rollOn } from './rollout.ts';

/** Rolls the pods of a Deployment from one template to the next by growing one ReplicaSet and shrinking the others. */
export function startDeploymentController(api: Api): Running {
  const recorder = startEventRecorder(api, 'deployment-controller');
  return startController(api, {
    name: 'deployment',
    watch: { Deployment: keyOf, ReplicaSet: controllerKey('Deployment') },
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
  const { namespace } = deployment.metadata;
  const { items } = await api.list('ReplicaSet', { namespace, labelSelector: selectorText(deployment.spec?.selector) });
  return items.filter((replicaSet) => isControlledBy(replicaSet, deployment)).sort(byRevision);
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

import { isDeepStrictEqual } from 'node:util';
import type { Api } from '../apiserver/api.ts';
import type { Deployment, ReplicaSet } from '../kinds/types.ts';
import { isNotFound, orNull } from '../reconcile/api-errors.ts';
import { keyOf, splitKey, startController, type Running } from '../reconcile/controller.ts';
import { startEventRecorder, type EventRecorder } from '../reconcile/events.ts';
import { controllerKey, isControlledBy } from '../reconcile/owner.ts';
import { deploymentStatus, isComplete, untilDeadline } from './deployment-status.ts';
import { selectorText } from './label-selector.ts';
import { currentReplicaSet } from './new-replicaset.ts';
import { byAge, byRevision, revisionAnnotation, revisionOf, runsTemplate } from './revision.ts';
import { countOf, newReplicas, oldReplicas, rolloutBounds } from './rolling-update.ts';

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
  const old = owned.filter((replicaSet) => replicaSet !== matching).sort(byAge);

  let current = matching;
  if (deployment.spec?.paused) {
    if (current) await scale(api, recorder, deployment, current, deployment.spec.replicas ?? 1);
  } else if (deployment.spec?.strategy?.type === 'Recreate') {
    for (const replicaSet of old) await scale(api, recorder, deployment, replicaSet, 0);
    if (old.every(({ status }) => !status?.replicas) && (await oldPodsGone(api, deployment, old))) {
      current = await currentReplicaSet(api, deployment, matching, old);
      current = await scale(api, recorder, deployment, current, deployment.spec.replicas ?? 1);
    }
  } else {
    const bounds = rolloutBounds(deployment);
    current = await currentReplicaSet(api, deployment, matching, old);
    const grown = newReplicas(bounds, countOf(current), old.map(countOf));
    current = await scale(api, recorder, deployment, current, grown);
    const kept = oldReplicas(bounds, countOf(current), old.map(countOf));
    for (const [i, replicaSet] of old.entries()) {
      old[i] = await scale(api, recorder, deployment, replicaSet, kept[i]!);
    }
  }

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

/** Recreate promises that no two versions run at the same time: a pod that is still ending counts. */
async function oldPodsGone(api: Api, deployment: Deployment, old: ReplicaSet[]): Promise<boolean> {
  const { namespace } = deployment.metadata;
  const { items } = await api.list('Pod', { namespace, labelSelector: selectorText(deployment.spec?.selector) });
  return !items.some((pod) => old.some((replicaSet) => isControlledBy(pod, replicaSet)));
}

async function scale(
  api: Api,
  recorder: EventRecorder,
  deployment: Deployment,
  replicaSet: ReplicaSet,
  replicas: number,
): Promise<ReplicaSet> {
  const before = replicaSet.spec?.replicas ?? 0;
  if (before === replicas) return replicaSet;
  const { name, namespace } = replicaSet.metadata;
  const scaled = await api.patch('ReplicaSet', name, namespace, {
    metadata: { annotations: { 'deployment.kubernetes.io/desired-replicas': String(deployment.spec?.replicas ?? 1) } },
    spec: { replicas },
  });
  const verb = replicas > before ? 'up' : 'down';
  recorder.event(
    { apiVersion: 'apps/v1', kind: 'Deployment', object: deployment },
    'Normal',
    'ScalingReplicaSet',
    `Scaled ${verb} replica set ${name} from ${before} to ${replicas}`,
  );
  return scaled;
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

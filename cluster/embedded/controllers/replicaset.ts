import { isDeepStrictEqual } from 'node:util';
import type { Api } from '../apiserver/api.ts';
import type { Pod, ReplicaSet } from '../kinds/types.ts';
import { isNotFound, orNull } from '../reconcile/api-errors.ts';
import { claim, claimants } from '../reconcile/claim.ts';
import { splitKey, startController, type Running } from '../reconcile/controller.ts';
import { startEventRecorder, type EventRecorder } from '../reconcile/events.ts';
import { controllerOf, controllerReference } from '../reconcile/owner.ts';
import { isActive, isReady, untilAvailable } from './pod-state.ts';
import { scaleDownOrder } from './scale-down-order.ts';

/** Keeps as many pods of a ReplicaSet as it asks for. */
export function startReplicaSetController(api: Api): Running {
  const recorder = startEventRecorder(api, 'replicaset-controller');
  const { owner, dependent } = claimants<ReplicaSet>('ReplicaSet');
  return startController(api, {
    name: 'replicaset',
    watch: { ReplicaSet: owner, Pod: dependent },
    reconcile: (key) => reconcileReplicaSet(api, recorder, key),
  });
}

export async function reconcileReplicaSet(api: Api, recorder: EventRecorder, key: string): Promise<number | void> {
  const { namespace, name } = splitKey(key);
  const replicaSet = await orNull(api.get('ReplicaSet', name, namespace));
  if (!replicaSet) return;
  const active = await activePods(api, replicaSet);
  if (!replicaSet.metadata.deletionTimestamp) {
    const missing = (replicaSet.spec?.replicas ?? 1) - active.length;
    for (let i = 0; i < missing; i++) await createPod(api, recorder, replicaSet);
    if (missing < 0) {
      const spare = scaleDownOrder(active, await relatedPods(api, replicaSet)).slice(0, -missing);
      for (const pod of spare) await deletePod(api, recorder, replicaSet, pod);
    }
  }
  // Read again: what has just been created counts.
  return writeStatus(api, replicaSet, await activePods(api, replicaSet));
}

async function activePods(api: Api, replicaSet: ReplicaSet): Promise<Pod[]> {
  const { items } = await api.list('Pod', { namespace: replicaSet.metadata.namespace });
  return claim(api, 'ReplicaSet', replicaSet, 'Pod', items.filter(isActive));
}

/** The active pods of all ReplicaSets of the same Deployment; without one, of this ReplicaSet alone. */
async function relatedPods(api: Api, replicaSet: ReplicaSet): Promise<Pod[]> {
  const { namespace, uid } = replicaSet.metadata;
  const deployment = controllerOf(replicaSet)?.uid ?? 'none';
  const { items } = await api.list('ReplicaSet', { namespace });
  const related = items.filter((other) => other.metadata.uid === uid || controllerOf(other)?.uid === deployment);
  const uids = new Set(related.map(({ metadata }) => metadata.uid));
  return (await api.list('Pod', { namespace })).items.filter(
    (pod) => isActive(pod) && uids.has(controllerOf(pod)?.uid),
  );
}

async function createPod(api: Api, recorder: EventRecorder, replicaSet: ReplicaSet): Promise<void> {
  const subject = { apiVersion: 'apps/v1', kind: 'ReplicaSet', object: replicaSet } as const;
  const template = replicaSet.spec!.template!;
  const { namespace, name } = replicaSet.metadata;
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...structuredClone(template.metadata),
      // The API makes the name.
      name: '',
      generateName: `${name}-`,
      namespace,
      ownerReferences: [controllerReference('apps/v1', 'ReplicaSet', replicaSet)],
    },
    spec: structuredClone(template.spec),
  };
  let created: Pod;
  try {
    created = await api.create('Pod', pod);
  } catch (error) {
    recorder.event(subject, 'Warning', 'FailedCreate', `Error creating: ${(error as Error).message}`);
    throw error;
  }
  recorder.event(subject, 'Normal', 'SuccessfulCreate', `Created pod: ${created.metadata.name}`);
}

async function deletePod(api: Api, recorder: EventRecorder, replicaSet: ReplicaSet, pod: Pod): Promise<void> {
  const { name, namespace, uid } = pod.metadata;
  try {
    await api.delete('Pod', name, namespace, { uid });
  } catch (error) {
    if (isNotFound(error)) return;
    throw error;
  }
  const subject = { apiVersion: 'apps/v1', kind: 'ReplicaSet', object: replicaSet } as const;
  recorder.event(subject, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`);
}

async function writeStatus(api: Api, replicaSet: ReplicaSet, pods: Pod[]): Promise<number | void> {
  const minReadySeconds = replicaSet.spec?.minReadySeconds ?? 0;
  const now = Date.now();
  const waits = pods.map((pod) => untilAvailable(pod, minReadySeconds, now)).filter((wait) => wait !== null);
  const templateLabels = Object.entries(replicaSet.spec?.template?.metadata?.labels ?? {});
  const status: ReplicaSet['status'] = {
    ...replicaSet.status,
    replicas: pods.length,
    fullyLabeledReplicas: pods.filter((pod) =>
      templateLabels.every(([label, value]) => pod.metadata.labels?.[label] === value),
    ).length,
    readyReplicas: pods.filter(isReady).length,
    availableReplicas: waits.filter((wait) => wait === 0).length,
    observedGeneration: replicaSet.metadata.generation,
  };
  if (!isDeepStrictEqual(status, replicaSet.status)) {
    try {
      await api.updateStatus('ReplicaSet', { ...replicaSet, status });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  const later = waits.filter((wait) => wait > 0);
  if (later.length > 0) return Math.min(...later);
}

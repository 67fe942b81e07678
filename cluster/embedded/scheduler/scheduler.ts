import type { Api } from '../apiserver/api.ts';
import type { Pod } from '../kinds/types.ts';
import { isNotFound, orNull } from '../reconcile/api-errors.ts';
import { setCondition } from '../reconcile/conditions.ts';
import { keyOf, splitKey, startController, type Running } from '../reconcile/controller.ts';
import { startEventRecorder, type EventRecorder } from '../reconcile/events.ts';
import { hasEnded } from '../reconcile/pod-state.ts';
import { writeStatus } from '../reconcile/write-status.ts';
import { failureMessage, pickNode } from './pick-node.ts';
import { claimsOf, selectNode, wantsClaim } from './volume-binding.ts';

/** A pod that fits nowhere is looked at again this often, beside whenever a node changes. */
const lookAgainMs = 10_000;

/** Gives every new pod a node. */
export function startScheduler(api: Api): Running {
  const recorder = startEventRecorder(api, 'default-scheduler');
  const pending = new Map<string, Pod>();
  return startController(api, {
    name: 'scheduler',
    // One at a time: each decision counts the pods placed before it.
    workers: 1,
    watch: {
      Pod(pod, type) {
        if (type !== 'DELETED' && isPending(pod)) {
          pending.set(keyOf(pod), pod);
          return keyOf(pod);
        }
        pending.delete(keyOf(pod));
        // Room has become free.
        if (type === 'DELETED' || hasEnded(pod)) return [...pending.keys()];
        // Somebody may have been waiting for its company.
        return [...pending].filter(([, other]) => other.spec?.affinity?.podAffinity).map(([key]) => key);
      },
      Node: () => [...pending.keys()],
      PersistentVolumeClaim: ({ metadata }) =>
        [...pending].filter(([, pod]) => wantsClaim(pod, metadata)).map(([key]) => key),
    },
    reconcile: (key) => schedule(api, recorder, key),
  });
}

export async function schedule(api: Api, recorder: EventRecorder, key: string): Promise<number | void> {
  const { namespace, name } = splitKey(key);
  const pod = await orNull(api.get('Pod', name, namespace));
  if (!pod || !isPending(pod)) return;
  const [nodes, pods] = await Promise.all([api.list('Node'), api.list('Pod')]);
  const claims = await claimsOf(api, pod);
  const pick = pickNode(pod, nodes.items, pods.items);
  const subject = { apiVersion: 'v1', kind: 'Pod', object: pod } as const;
  try {
    if ('node' in pick && claims.waiting.length > 0) {
      await selectNode(api, claims.waiting, pick.node);
      return lookAgainMs;
    }
    if ('node' in pick && !claims.obstacle) {
      await api.bind(name, namespace, pick.node);
      recorder.event(subject, 'Normal', 'Scheduled', `Successfully assigned ${namespace}/${name} to ${pick.node}`);
      return;
    }
    const message =
      claims.obstacle && nodes.items.length > 0
        ? `0/${nodes.items.length} nodes are available: ${claims.obstacle}.`
        : failureMessage('reasons' in pick ? pick.reasons : new Map(), nodes.items.length);
    recorder.event(subject, 'Warning', 'FailedScheduling', message);
    await markUnschedulable(api, pod, message);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  return lookAgainMs;
}

function isPending({ spec, metadata }: Pod): boolean {
  const gated = (spec?.schedulingGates?.length ?? 0) > 0;
  const ours = (spec?.schedulerName ?? 'default-scheduler') === 'default-scheduler';
  return !spec?.nodeName && !metadata.deletionTimestamp && !gated && ours;
}

async function markUnschedulable(api: Api, pod: Pod, message: string): Promise<void> {
  const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message };
  await writeStatus(api, pod, {
    ...pod.status,
    conditions: setCondition(pod.status?.conditions, condition, Date.now()),
  });
}

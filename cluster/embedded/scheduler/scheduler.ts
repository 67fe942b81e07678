import type { Api } from '../apiserver/api.ts';
import { timestamp } from '../kinds/timestamp.ts';
import type { Pod } from '../kinds/types.ts';
import { isNotFound, orNull } from '../reconcile/api-errors.ts';
import { keyOf, splitKey, startController, type Running } from '../reconcile/controller.ts';
import { startEventRecorder, type EventRecorder } from '../reconcile/events.ts';
import { failureMessage, pickNode } from './pick-node.ts';

/** A pod that fits nowhere is looked at again this often, beside whenever a node changes. */
const lookAgainMs = 10_000;

/** Gives every new pod a node. */
export function startScheduler(api: Api): Running {
  const recorder = startEventRecorder(api, 'default-scheduler');
  const pending = new Set<string>();
  return startController(api, {
    name: 'scheduler',
    // One at a time: each decision counts the pods placed before it.
    workers: 1,
    watch: {
      Pod(pod, type) {
        if (type !== 'DELETED' && isPending(pod)) {
          pending.add(keyOf(pod));
          return keyOf(pod);
        }
        pending.delete(keyOf(pod));
        // Room has become free.
        return type === 'DELETED' ? [...pending] : null;
      },
      Node: () => [...pending],
    },
    reconcile: (key) => schedule(api, recorder, key),
  });
}

export async function schedule(api: Api, recorder: EventRecorder, key: string): Promise<number | void> {
  const { namespace, name } = splitKey(key);
  const pod = await orNull(api.get('Pod', name, namespace));
  if (!pod || !isPending(pod)) return;
  const [nodes, pods] = await Promise.all([api.list('Node'), api.list('Pod')]);
  const pick = pickNode(pod, nodes.items, pods.items);
  const subject = { apiVersion: 'v1', kind: 'Pod', object: pod } as const;
  try {
    if ('node' in pick) {
      await api.bind(name, namespace, pick.node);
      recorder.event(subject, 'Normal', 'Scheduled', `Successfully assigned ${namespace}/${name} to ${pick.node}`);
      return;
    }
    const message = failureMessage(pick.reasons, nodes.items.length);
    recorder.event(subject, 'Warning', 'FailedScheduling', message);
    await markUnschedulable(api, pod, message);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  return lookAgainMs;
}

function isPending(pod: Pod): boolean {
  const scheduler = pod.spec?.schedulerName ?? 'default-scheduler';
  return !pod.spec?.nodeName && !pod.metadata.deletionTimestamp && scheduler === 'default-scheduler';
}

async function markUnschedulable(api: Api, pod: Pod, message: string): Promise<void> {
  const before = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (before?.status === 'False' && before.message === message) return;
  const condition = {
    type: 'PodScheduled',
    status: 'False',
    reason: 'Unschedulable',
    message,
    lastTransitionTime: before?.lastTransitionTime ?? timestamp(),
  };
  const others = (pod.status?.conditions ?? []).filter(({ type }) => type !== 'PodScheduled');
  await api.updateStatus('Pod', { ...pod, status: { ...pod.status, conditions: [...others, condition] } });
}

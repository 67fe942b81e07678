import type { Pod } from '../../kinds/types.ts';
import { newRecords, type ContainerRecord, type PodRecords, type Terminated } from './records.ts';

type ContainerStatus = NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number];

/** Whether a pod's containers have ended for good. */
export function isOver({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

/**
 * The records of a pod that was on its node before: its status says how its containers stood. Those that ran went down with the node,
 * as at a reboot: they are started again where the restart policy allows it, one restart further on, its init containers first.
 */
export function restoreRecords(pod: Pod, now: number): PodRecords {
  const records = newRecords(pod, now);
  const { status } = pod;
  records.startedAt = status?.startTime ? Date.parse(status.startTime) : now;
  for (const record of records.containers) {
    const { initContainerStatuses = [], containerStatuses = [], ephemeralContainerStatuses = [] } = status ?? {};
    const all = [...initContainerStatuses, ...containerStatuses, ...ephemeralContainerStatuses];
    const known = all.find(({ name }) => name === record.name);
    if (known) restore(record, known, isOver(pod), pod.spec?.restartPolicy ?? 'Always', now);
  }
  if (isOver(pod)) {
    const { reason, message } = status!;
    records.podIP = status!.podIP ?? null;
    const why = status!.phase === 'Failed' ? 'Failed' : 'Done';
    records.end = { why, since: now, graceMs: 0, released: true, ...(reason && { reason, message }) };
  }
  return records;
}

function restore(record: ContainerRecord, status: ContainerStatus, isOver: boolean, policy: string, now: number): void {
  const { state, lastState, restartCount, containerID = null } = status;
  const last = state?.terminated ?? lastState?.terminated;
  Object.assign(record, { restartCount, containerID, hasRun: containerID !== null });
  record.lastState = lastState?.terminated ? terminated(lastState.terminated) : null;
  if (state?.terminated) record.state = terminated(state.terminated);
  else if (state?.running) record.state = lost(state.running.startedAt, containerID, now);
  else if (last && isOver) record.state = terminated(last);
  if (isOver || record.state.kind !== 'terminated' || record.sort === 'ephemeral') return;
  const isAgain =
    record.sort === 'sidecar' || (policy !== 'Never' && (policy === 'Always' || record.state.exitCode !== 0));
  // The network of the pod is a new one: its initialization has to be done again, as upstream does for a new sandbox.
  const isInit = record.sort === 'init' && policy !== 'Never';
  if (isAgain || isInit) record.retry = { at: now, tellAt: null, reason: null, message: '' };
}

/** What containerd says of a container that ended unseen. */
function lost(startedAt: string | undefined, containerID: string | null, now: number): Terminated {
  return {
    ...{ kind: 'terminated', exitCode: 255, reason: 'Unknown', containerID: containerID ?? '' },
    ...{ startedAt: new Date(startedAt ?? now), finishedAt: new Date(now) },
  };
}

function terminated(state: NonNullable<NonNullable<ContainerStatus['state']>['terminated']>): Terminated {
  const { exitCode, reason = 'Error', message, startedAt, finishedAt, containerID = '' } = state;
  return {
    ...{ kind: 'terminated', exitCode, reason, containerID },
    ...(message !== undefined && { message }),
    ...{ startedAt: new Date(startedAt ?? 0), finishedAt: new Date(finishedAt ?? 0) },
  };
}

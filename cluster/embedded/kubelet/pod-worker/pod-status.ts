import { timestamp } from '../../kinds/timestamp.ts';
import type { Pod } from '../../kinds/types.ts';
import { podConditions } from './pod-conditions.ts';
import { podPhase } from './pod-phase.ts';
import { isReady, isStarted, type ContainerRecord, type ContainerState, type PodRecords } from './records.ts';

type Status = NonNullable<Pod['status']>;
type ContainerStatus = NonNullable<Status['containerStatuses']>[number];

/**
 * The status of a pod as its kubelet tells it.
 *
 * @param pod as the API has it now: what other writers said of it stays
 * @param hostIP address of its node
 */
export function podStatus(pod: Pod, records: PodRecords, hostIP: string, now: number): Status {
  const { reason: _reason, message: _message, initContainerStatuses: _init, ...rest } = pod.status ?? {};
  const { podIP, startedAt, containers, end } = records;
  const phase = podPhase(pod.spec?.restartPolicy ?? 'Always', records);
  const init = containers.filter(({ sort }) => sort === 'init' || sort === 'sidecar');
  const ephemeral = containers.filter(({ sort }) => sort === 'ephemeral');
  const main = containers.filter(({ sort }) => sort === 'main').sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    ...rest,
    phase,
    hostIP,
    hostIPs: [{ ip: hostIP }],
    ...(podIP !== null && { podIP, podIPs: [{ ip: podIP }] }),
    startTime: timestamp(new Date(startedAt)),
    qosClass: rest.qosClass ?? 'Burstable',
    ...(phase === 'Failed' && end?.reason !== undefined && { reason: end.reason, message: end.message }),
    conditions: podConditions(pod, records, phase, now),
    ...(init.length > 0 && { initContainerStatuses: init.map(containerStatus) }),
    containerStatuses: main.map(containerStatus),
    ...(ephemeral.length > 0 && { ephemeralContainerStatuses: ephemeral.map(containerStatus) }),
  };
}

function containerStatus(record: ContainerRecord): ContainerStatus {
  const { name, image, restartCount, containerID, lastState } = record;
  return {
    name,
    image,
    imageID: image,
    restartCount,
    ready: isReady(record),
    started: isStarted(record),
    state: stateOf(record.state),
    lastState: lastState ? stateOf(lastState) : {},
    ...(containerID && { containerID }),
  };
}

function stateOf(state: ContainerState): NonNullable<ContainerStatus['state']> {
  if (state.kind === 'waiting') {
    return { waiting: { reason: state.reason, ...(state.message && { message: state.message }) } };
  }
  if (state.kind === 'running') return { running: { startedAt: timestamp(state.startedAt) } };
  const { exitCode, reason, message, startedAt, finishedAt, containerID } = state;
  return {
    terminated: {
      exitCode,
      reason,
      ...(message && { message }),
      startedAt: timestamp(startedAt),
      finishedAt: timestamp(finishedAt),
      containerID,
    },
  };
}

import { timestamp } from '../kinds/timestamp.ts';
import type { Pod } from '../kinds/types.ts';
import type { ContainerRecord, ContainerState } from './container-state.ts';

type Status = NonNullable<Pod['status']>;
type ContainerStatus = NonNullable<Status['containerStatuses']>[number];
type Condition = NonNullable<Status['conditions']>[number];

/** All that a pod's status is made of. */
export interface PodFindings {
  pod: Pod;
  /** The status as the API has it: the conditions of other writers stay. */
  latest: Pod['status'];
  podIP: string | null;
  hostIP: string;
  startTime: Date;
  initContainers: ContainerRecord[];
  containers: ContainerRecord[];
  now: Date;
}

export function podStatus(findings: PodFindings): Status {
  const { pod, podIP, hostIP, startTime, initContainers, containers } = findings;
  const initialized = initContainers.every(({ state }) => state.kind === 'terminated' && state.exitCode === 0);
  const phase = podPhase(pod.spec?.restartPolicy ?? 'Always', containers, initContainers);
  return {
    ...pod.status,
    phase,
    hostIP,
    hostIPs: [{ ip: hostIP }],
    ...(podIP !== null && { podIP, podIPs: [{ ip: podIP }] }),
    startTime: timestamp(startTime),
    qosClass: pod.status?.qosClass ?? 'Burstable',
    conditions: conditions(findings, initialized, phase),
    ...(initContainers.length > 0 && { initContainerStatuses: initContainers.map(containerStatus) }),
    containerStatuses: containers.map(containerStatus),
  };
}

/** As the kubelet's getPhase: a crashed container that will be restarted counts as running. */
export function podPhase(restartPolicy: string, containers: ContainerRecord[], init: ContainerRecord[] = []): string {
  if (restartPolicy === 'Never' && init.some(({ state }) => state.kind === 'terminated' && state.exitCode !== 0)) {
    return 'Failed';
  }
  const ended = (record: ContainerRecord) => (record.state.kind === 'terminated' ? record.state : record.lastState);
  if (containers.some((record) => record.state.kind === 'waiting' && !record.lastState)) return 'Pending';
  if (containers.some(({ state }) => state.kind === 'running') || restartPolicy === 'Always') return 'Running';
  if (containers.every((record) => ended(record)?.exitCode === 0)) return 'Succeeded';
  return restartPolicy === 'Never' ? 'Failed' : 'Running';
}

function conditions({ pod, latest, containers, now }: PodFindings, initialized: boolean, phase: string): Condition[] {
  const unready = containers.filter(({ ready }) => !ready).map(({ name }) => name);
  const why =
    phase === 'Succeeded'
      ? { reason: 'PodCompleted' }
      : { reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` };
  const readiness = unready.length === 0 ? { status: 'True' } : { status: 'False', ...why };
  const found = [
    {
      type: 'Initialized',
      status: initialized ? 'True' : 'False',
      ...(!initialized && { reason: 'ContainersNotInitialized' }),
    },
    { type: 'Ready', ...readiness },
    { type: 'ContainersReady', ...readiness },
    { type: 'PodScheduled', status: 'True' },
  ];
  const own = found.map((condition) => {
    const before = pod.status?.conditions?.find(({ type }) => type === condition.type);
    const same = before?.status === condition.status && before.lastTransitionTime;
    return { ...condition, lastTransitionTime: same ? before.lastTransitionTime : timestamp(now) };
  });
  // A condition of another type is somebody else's: a readiness gate's, for example.
  const others = (latest?.conditions ?? []).filter(({ type }) => !own.some((one) => one.type === type));
  return [...own, ...others];
}

function containerStatus(record: ContainerRecord): ContainerStatus {
  const { name, image, restartCount, ready, started, containerID, lastState } = record;
  return {
    name,
    image,
    imageID: image,
    restartCount,
    ready,
    started,
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

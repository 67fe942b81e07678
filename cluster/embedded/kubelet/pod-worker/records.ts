import type { Container, Pod } from '../../kinds/types.ts';

/** What the pod worker knows of a pod. Times are ms since the epoch. Only `observe.ts` changes it. */
export interface PodRecords {
  startedAt: number;
  /** On the pod network; null before it is put there. */
  podIP: string | null;
  /** Its init containers are through; what comes back later does not wait for them again. */
  isInitialized: boolean;
  /** In the order in which they start: the init containers, then the others. */
  containers: ContainerRecord[];
  /** Why its node wants to be rid of it, in the words of its status; null as long as it does not. */
  eviction: string | null;
  /** Why nothing is started any more, and all that runs is ended; null while the pod lives. */
  end: PodEnd | null;
}

export interface PodEnd {
  /** `Done`: its containers have ended and stay so. `Failed`: its deadline has passed, say. `Stopped`: the cluster goes. */
  why: 'Deleted' | 'Done' | 'Failed' | 'Stopped';
  since: number;
  graceMs: number;
  /** What the status says of a `Failed` one. */
  reason?: string;
  message?: string;
  /** All that the pod had of the node is given back. */
  released?: true;
}

export type ProbeName = 'startupProbe' | 'readinessProbe' | 'livenessProbe';

export interface ContainerRecord {
  name: string;
  image: string;
  /** A `sidecar` is an init container with restartPolicy Always; an `ephemeral` one was added for debugging. */
  sort: 'init' | 'sidecar' | 'main' | 'ephemeral';
  state: ContainerState;
  /** How the run before the present state ended. */
  lastState: Terminated | null;
  /** The one before that, while it waits to be started again. */
  beforeLast: Terminated | null;
  restartCount: number;
  containerID: string | null;
  /** Has been started at some time: the next start is a restart. */
  hasRun: boolean;
  /** Is being started: its image is looked up, its environment made. */
  isStarting: boolean;
  run: Run | null;
  /** When it may be started (again), and what it says meanwhile. */
  retry: Retry | null;
  crashDelayMs: number | null;
  pullDelayMs: number | null;
}

/** A container as its status tells it; exactly one state at a time. */
export type ContainerState =
  { kind: 'waiting'; reason: string; message?: string } | { kind: 'running'; startedAt: Date } | Terminated;

export interface Terminated {
  kind: 'terminated';
  exitCode: number;
  /** `Completed`, `Error`, `OOMKilled` ... */
  reason: string;
  message?: string;
  startedAt: Date;
  finishedAt: Date;
  containerID: string;
}

/** One run of a container's program, while it lasts. */
export interface Run {
  startedAt: number;
  /** Until its hook is through, the container does not count as running. */
  postStart: 'running' | 'failed' | 'done';
  probes: Partial<Record<ProbeName, ProbeRecord>>;
  end: Termination | null;
}

export interface ProbeRecord {
  /** From here its periods count. */
  base: number;
  /** The next look. */
  nextAt: number;
  /** Before it has ever passed: from here on a failure counts, one in each period. */
  countsFrom: number;
  isLooking: boolean;
  hasPassed: boolean;
  /** Equal results in a row, and which. */
  last: boolean | null;
  inARow: number;
  /** By the thresholds; null before there are enough. */
  result: boolean | null;
}

/** How a run is ended: preStop, its turn, the stop signal, SIGKILL. */
export interface Termination {
  since: number;
  /** How long it has from `since`. */
  graceMs: number;
  preStop: 'running' | 'done';
  signalledAt: number | null;
  isKilled: boolean;
  /** It is to be started again whatever its exit code is: a probe or a hook has failed. */
  isFailure: boolean;
}

export interface Retry {
  at: number;
  /** From when it says that it is backing off; null once it says so. */
  tellAt: number | null;
  reason: 'CrashLoopBackOff' | 'ImagePullBackOff' | null;
  message: string;
}

export function newRecords(pod: Pod, now: number): PodRecords {
  const { initContainers = [], containers = [], ephemeralContainers = [] } = pod.spec ?? {};
  const reason = initContainers.length > 0 ? 'PodInitializing' : 'ContainerCreating';
  return {
    startedAt: now,
    podIP: null,
    isInitialized: false,
    containers: [
      ...initContainers.map((one) => newRecord(one, one.restartPolicy === 'Always' ? 'sidecar' : 'init', reason)),
      ...containers.map((one) => newRecord(one, 'main', reason)),
      ...ephemeralContainers.map(newEphemeral),
    ],
    eviction: null,
    end: null,
  };
}

function newRecord({ name, image = '' }: Container, sort: ContainerRecord['sort'], reason: string): ContainerRecord {
  return {
    ...{ name, image, sort, state: { kind: 'waiting', reason }, lastState: null, beforeLast: null },
    ...{ restartCount: 0, containerID: null, hasRun: false, isStarting: false, run: null, retry: null },
    ...{ crashDelayMs: null, pullDelayMs: null },
  };
}

/** The record of an ephemeral container that is not known yet. */
export function newEphemeral(container: Container): ContainerRecord {
  return newRecord(container, 'ephemeral', 'ContainerCreating');
}

/** A container as the spec has it. */
export function specOf(pod: Pod, name: string): Container {
  const { initContainers = [], containers = [], ephemeralContainers = [] } = pod.spec ?? {};
  return [...initContainers, ...containers, ...ephemeralContainers].find((one) => one.name === name)!;
}

/** Running, its postStart through, its startup probe passed. */
export function isStarted({ state, run }: ContainerRecord): boolean {
  if (state.kind !== 'running' || !run) return false;
  return !run.probes.startupProbe || run.probes.startupProbe.result === true;
}

/** Started, and its readiness probe passes. An init container is ready when it has done its work, an ephemeral one never. */
export function isReady(record: ContainerRecord): boolean {
  if (record.sort === 'ephemeral') return false;
  if (record.sort === 'init') return record.state.kind === 'terminated' && record.state.exitCode === 0;
  const { readinessProbe } = record.run?.probes ?? {};
  return isStarted(record) && (!readinessProbe || readinessProbe.result === true);
}

import type { Pod } from '../../kinds/types.ts';
import { isStarted, specOf, type ContainerRecord, type PodEnd, type PodRecords, type ProbeName } from './records.ts';
import { nextStart } from './start-order.ts';
import { nextInTermination } from './termination.ts';

/** What is to be done now. Whoever does it tells `observe.ts` that it has begun, and what came of it. */
export type Action =
  | { type: 'start'; container: string }
  /** It waits to be started again, and says so. */
  | { type: 'backOff'; container: string }
  | { type: 'probe'; container: string; probe: ProbeName }
  /** A container is to end: its preStop runs first. `message` is what the event says. */
  | { type: 'terminate'; container: string; graceMs: number; message: string; isFailure: boolean }
  | { type: 'signal'; container: string }
  | { type: 'kill'; container: string }
  /** Nothing is started any more, and all that runs ends. */
  | { type: 'end'; end: Omit<PodEnd, 'since'> }
  /** No container is left: what the pod has of the node can be given back. */
  | { type: 'release' };

export interface Plan {
  actions: Action[];
  /** When there may be something to do again though nothing has happened; ms since the epoch, Infinity for never. */
  lookAt: number;
}

/**
 * The kubelet's part in a pod's life: what to do next, from the Pod as the API has it and what is known of its containers.
 * It changes nothing, so each rule of it can be tested with numbers for times.
 */
export function plan(pod: Pod, records: PodRecords, now: number): Plan {
  const end = endOf(pod, records, now);
  if (end) return { actions: [{ type: 'end', end }], lookAt: Infinity };
  const parts = records.containers.map((record) => nextOf(pod, records, record, now));
  if (records.end) {
    const isOver = records.containers.every(({ run, isStarting }) => !run && !isStarting);
    if (isOver && !records.end.released) parts.push({ actions: [{ type: 'release' }], lookAt: Infinity });
  } else {
    parts.push(nextStart(records, now), { actions: [], lookAt: deadlineOf(pod, records) });
  }
  return {
    actions: parts.flatMap(({ actions }) => actions),
    lookAt: Math.min(...parts.map(({ lookAt }) => lookAt)),
  };
}

/** What a kubelet that is short of something leaves a pod, whatever that asks for. */
const evictionGraceMs = 1_000;

/** Whether the pod has to end, or has less time to end in than before. */
function endOf(pod: Pod, records: PodRecords, now: number): Omit<PodEnd, 'since'> | null {
  const { end } = records;
  if (end?.why === 'Stopped') return null;
  const { deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata;
  if (deletionTimestamp) {
    const graceMs = (deletionGracePeriodSeconds ?? 30) * 1000;
    return end?.why === 'Deleted' && graceMs >= end.graceMs ? null : { why: 'Deleted', graceMs };
  }
  if (end) return null;
  const graceMs = (pod.spec?.terminationGracePeriodSeconds ?? 30) * 1000;
  if (isDone(pod, records)) return { why: 'Done', graceMs };
  const { eviction } = records;
  if (eviction !== null) return { why: 'Failed', graceMs: evictionGraceMs, reason: 'Evicted', message: eviction };
  if (now < deadlineOf(pod, records)) return null;
  const message = 'Pod was active on the node longer than the specified deadline';
  return { why: 'Failed', graceMs, reason: 'DeadlineExceeded', message };
}

function deadlineOf({ spec }: Pod, { startedAt }: PodRecords): number {
  return spec?.activeDeadlineSeconds === undefined ? Infinity : startedAt + spec.activeDeadlineSeconds * 1000;
}

/** Its containers have ended for good, or will never be started. */
function isDone({ spec }: Pod, { containers }: PodRecords): boolean {
  const hasEnded = ({ state, retry, isStarting }: ContainerRecord) =>
    state.kind === 'terminated' && !retry && !isStarting;
  const hasFailed = (record: ContainerRecord) =>
    hasEnded(record) && record.state.kind === 'terminated' && record.state.exitCode !== 0;
  if (spec?.restartPolicy === 'Never' && containers.some((one) => one.sort === 'init' && hasFailed(one))) return true;
  return containers.filter(({ sort }) => sort === 'main').every(hasEnded);
}

/** What one container wants: the end of its run, a probe, or to say that it backs off. */
function nextOf(pod: Pod, records: PodRecords, record: ContainerRecord, now: number): Plan {
  const { name, run, retry, isStarting } = record;
  if (!run) {
    if (!retry || retry.tellAt === null || isStarting || records.end) return { actions: [], lookAt: Infinity };
    return now < retry.tellAt
      ? { actions: [], lookAt: retry.tellAt }
      : { actions: [{ type: 'backOff', container: name }], lookAt: Infinity };
  }
  const probes = nextProbes(records, record, now);
  if (run.end) {
    const ending = nextInTermination(records, record, now);
    return { actions: [...ending.actions, ...probes.actions], lookAt: Math.min(ending.lookAt, probes.lookAt) };
  }
  const termination = terminationOf(pod, records, record, now);
  return termination ? { actions: [termination], lookAt: Infinity } : probes;
}

/** Whether a run has to end now, and why. */
function terminationOf(pod: Pod, records: PodRecords, { name, run }: ContainerRecord, now: number): Action | null {
  const terminate = { type: 'terminate', container: name } as const;
  if (records.end) {
    const graceMs = Math.max(0, records.end.since + records.end.graceMs - now);
    return { ...terminate, graceMs, message: `Stopping container ${name}`, isFailure: false };
  }
  const graceMs = (pod.spec?.terminationGracePeriodSeconds ?? 30) * 1000;
  if (run!.postStart === 'failed') {
    return { ...terminate, graceMs, message: 'FailedPostStartHook', isFailure: true };
  }
  const failed = (['startupProbe', 'livenessProbe'] as const).find((probe) => run!.probes[probe]?.result === false);
  if (!failed) return null;
  const seconds = specOf(pod, name)[failed]!.terminationGracePeriodSeconds;
  return {
    ...terminate,
    graceMs: seconds === undefined ? graceMs : seconds * 1000,
    message: unhealthyMessage(pod, records, name, failed),
    isFailure: true,
  };
}

/** A kubelet that is left with nothing to run ends the pod as a whole, and says that. */
function unhealthyMessage(pod: Pod, { containers }: PodRecords, name: string, failed: ProbeName): string {
  const message = `Container ${name} failed ${failed === 'startupProbe' ? 'startup' : 'liveness'} probe`;
  if (pod.spec?.restartPolicy !== 'Never' || containers.find((one) => one.name === name)?.sort === 'sidecar')
    return `${message}, will be restarted`;
  return containers.some((one) => one.name !== name && one.run) ? message : `Stopping container ${name}`;
}

/**
 * The probes whose time has come. The startup probe goes alone. Once a run is being ended only readiness is of interest, and none once
 * the cluster stops.
 */
function nextProbes(records: PodRecords, record: ContainerRecord, now: number): Plan {
  const { name, run } = record;
  const wanted = (Object.keys(run!.probes) as ProbeName[]).filter((probe) => {
    if (records.end?.why === 'Stopped' || run!.probes[probe]!.isLooking) return false;
    if (probe === 'startupProbe') return !isStarted(record) && !run!.end;
    return isStarted(record) && (probe === 'readinessProbe' || !run!.end);
  });
  const due = wanted.filter((probe) => run!.probes[probe]!.nextAt <= now);
  const later = wanted.filter((probe) => !due.includes(probe));
  return {
    actions: due.map((probe) => ({ type: 'probe', container: name, probe })),
    lookAt: Math.min(...later.map((probe) => run!.probes[probe]!.nextAt)),
  };
}

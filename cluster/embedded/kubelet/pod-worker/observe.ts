import type { Container, Pod } from '../../kinds/types.ts';
import { crashBackoff, nextDelay, pullBackoff } from './backoff.ts';
import type { Action } from './plan.ts';
import { beginLook, endLook, newProbe } from './probe-clock.ts';
import {
  isStarted,
  newEphemeral,
  specOf,
  type ContainerRecord,
  type PodEnd,
  type PodRecords,
  type ProbeName,
  type Terminated,
} from './records.ts';

type ImageFailure = 'ErrImagePull' | 'ErrImageNeverPull' | 'InvalidImageName';

/** Why a container did not come to a start. */
export interface StartFailure {
  /** `ContainerCreating` while a volume cannot be had. */
  reason: 'ContainerCreating' | 'CreateContainerConfigError' | 'RunContainerError' | ImageFailure;
  message?: string;
}

/** How soon a container whose configuration is incomplete looks for it again. */
const configRetryMs = 2_000;
/** The same for an image that nobody may pull, or whose name is none. */
const imageRetryMs = 10_000;
/** How long it says ErrImagePull before it says that it backs off. */
const pullErrorMs = 1_000;

/** The Pod has changed. Answers the records of ephemeral containers that it has now and had not before. */
export function podChanged({ spec }: Pod, records: PodRecords): ContainerRecord[] {
  const isKnown = (name: string) => records.containers.some((record) => record.name === name);
  const added = (spec?.ephemeralContainers ?? []).filter(({ name }) => !isKnown(name)).map(newEphemeral);
  records.containers.push(...added);
  return added;
}

/** An action of the plan is under way. */
export function begun(pod: Pod, records: PodRecords, action: Action, now: number): void {
  if (action.type === 'end') return beginEnd(records, { ...action.end, since: now });
  if (action.type === 'release') {
    records.end!.released = true;
    return;
  }
  const record = records.containers.find(({ name }) => name === action.container)!;
  const { run } = record;
  const spec = specOf(pod, record.name);
  switch (action.type) {
    case 'start':
      record.isStarting = true;
      return;
    case 'backOff':
      return tellBackoff(record);
    case 'probe':
      return beginLook(run!.probes[action.probe]!, spec[action.probe]!, now);
    case 'terminate': {
      const { graceMs, isFailure } = action;
      const preStop = spec.lifecycle?.preStop && graceMs > 0 && records.end?.why !== 'Stopped' ? 'running' : 'done';
      run!.end = { since: now, graceMs, preStop, signalledAt: null, isKilled: false, isFailure };
      return;
    }
    case 'signal':
      Object.assign(run!.end!, { preStop: 'done', signalledAt: now });
      return;
    case 'kill':
      run!.end!.isKilled = true;
  }
}

function beginEnd(records: PodRecords, end: PodEnd): void {
  records.end = end;
  for (const record of records.containers) {
    const { run, state, lastState } = record;
    if (run?.end) run.end.graceMs = Math.min(run.end.graceMs, end.since + end.graceMs - run.end.since);
    // It waited to be started again: what it last ended with is its end.
    if (!run && state.kind === 'waiting' && lastState) {
      Object.assign(record, { state: lastState, lastState: record.beforeLast });
    }
    record.retry = null;
  }
}

function tellBackoff(record: ContainerRecord): void {
  const { state, retry } = record;
  if (state.kind === 'terminated') Object.assign(record, { beforeLast: record.lastState, lastState: state });
  record.state = { kind: 'waiting', reason: retry!.reason!, message: retry!.message };
  retry!.tellAt = null;
}

/** Its program runs. */
export function started(
  records: PodRecords,
  record: ContainerRecord,
  spec: Container,
  containerID: string,
  now: number,
): void {
  if (record.sort === 'main') records.isInitialized = true;
  if (record.hasRun) record.restartCount += 1;
  if (record.state.kind === 'terminated') {
    record.lastState = record.state;
    record.state = { kind: 'waiting', reason: 'ContainerCreating' };
  }
  Object.assign(record, { containerID, hasRun: true, isStarting: false, retry: null, pullDelayMs: null });
  record.run = { startedAt: now, postStart: 'running', probes: {}, end: null };
  if (!spec.lifecycle?.postStart) postStartEnded(record, spec, true, now);
}

/** Its postStart is through, or there is none. */
export function postStartEnded(record: ContainerRecord, spec: Container, isWell: boolean, now: number): void {
  const { run } = record;
  if (run?.postStart !== 'running') return;
  run.postStart = isWell ? 'done' : 'failed';
  if (!isWell) {
    record.state = { kind: 'waiting', reason: 'PostStartHookError' };
    return;
  }
  record.state = { kind: 'running', startedAt: new Date(run.startedAt) };
  if (spec.startupProbe) run.probes.startupProbe = newProbe(spec.startupProbe, run.startedAt);
  else beginProbes(record, spec, now);
}

function beginProbes({ run }: ContainerRecord, spec: Container, from: number): void {
  for (const name of ['readinessProbe', 'livenessProbe'] as const) {
    const probe = spec[name];
    if (probe) run!.probes[name] = newProbe(probe, run!.startedAt, from);
  }
}

/** It was told to end before it was started. */
export function startGivenUp(record: ContainerRecord): void {
  record.isStarting = false;
}

/** It could not be started. */
export function startFailed(record: ContainerRecord, { reason, message }: StartFailure, now: number): void {
  if (record.state.kind === 'terminated')
    Object.assign(record, { beforeLast: record.lastState, lastState: record.state });
  record.isStarting = false;
  record.state = { kind: 'waiting', reason, message };
  record.retry = { at: now + configRetryMs, tellAt: null, reason: null, message: message ?? '' };
  if (reason === 'ContainerCreating' || reason === 'CreateContainerConfigError') return;
  if (reason === 'ErrImageNeverPull' || reason === 'InvalidImageName') {
    record.retry.at = now + imageRetryMs;
  } else if (reason === 'RunContainerError') {
    record.pullDelayMs = nextDelay(record.pullDelayMs, 0, pullBackoff);
    record.retry.at = now + Math.max(configRetryMs, record.pullDelayMs);
  } else {
    // Upstream waits from the first failure on.
    record.pullDelayMs = nextDelay(record.pullDelayMs ?? 0, 0, pullBackoff);
    record.retry = {
      at: now + record.pullDelayMs,
      ...{
        tellAt: now + pullErrorMs,
        reason: 'ImagePullBackOff',
        message: `Back-off pulling image "${record.image}": ${message}`,
      },
    };
  }
}

/** A probe of a run has answered. Returns whether that counts, and is to be told if it is bad. */
export function probed(
  record: ContainerRecord,
  spec: Container,
  name: ProbeName,
  isWell: boolean,
  now: number,
): boolean {
  const probe = record.run?.probes[name];
  if (!probe) return false;
  const counts = endLook(probe, spec[name]!, isWell, now);
  if (name === 'startupProbe' && isStarted(record) && !record.run!.end) beginProbes(record, spec, now);
  return counts;
}

/** Its node wants to be rid of it, for this reason. */
export function evicted(records: PodRecords, why: string): void {
  records.eviction ??= why;
}

/** Its preStop is through, well or not. */
export function preStopEnded({ run }: ContainerRecord): void {
  if (run?.end) run.end.preStop = 'done';
}

/** Its program has ended. */
export function exited(
  pod: Pod,
  records: PodRecords,
  record: ContainerRecord,
  exit: Pick<Terminated, 'exitCode' | 'reason' | 'message'>,
  now: number,
): void {
  const { startedAt, end } = record.run!;
  record.state = {
    ...{ kind: 'terminated', ...exit, containerID: record.containerID! },
    ...{ startedAt: new Date(startedAt), finishedAt: new Date(now) },
  };
  record.run = null;
  if (records.end || !isRestarted(pod, record, exit.exitCode, end?.isFailure ?? false)) return;
  const { name } = record;
  const { metadata } = pod;
  record.crashDelayMs = nextDelay(record.crashDelayMs, now - startedAt, crashBackoff);
  const delay = record.crashDelayMs;
  const message = `back-off ${delay / 1000}s restarting failed container=${name} pod=${metadata.name}_${metadata.namespace}(${metadata.uid})`;
  record.retry = { at: now + delay, tellAt: delay > 0 ? now : null, reason: 'CrashLoopBackOff', message };
}

function isRestarted({ spec }: Pod, { sort }: ContainerRecord, exitCode: number, isFailure: boolean): boolean {
  if (sort === 'sidecar') return true;
  const policy = spec?.restartPolicy ?? 'Always';
  if (policy === 'Never' || sort === 'ephemeral') return false;
  if (exitCode !== 0 || isFailure) return true;
  return policy === 'Always' && sort === 'main';
}

import { randomBytes } from 'node:crypto';
import { ImageError } from '../images/catalogue.ts';
import type { Container, Pod } from '../kinds/types.ts';
import { startProcess, type ContainerProcess, type Exit } from './container-process.ts';
import type { TellEvent } from './ensure-image.ts';
import { ContainerConfigError } from './environment.ts';
import type { ContainerView } from './exec.ts';
import { refuseCommands } from './exec-permission.ts';
import type { Dial } from './http-get.ts';
import type { PodFaults } from './faults/pod-faults.ts';
import { runHook } from './lifecycle-hook.ts';
import type { LogFile } from './log-file.ts';
import { parseLine } from './log-line.ts';
import * as observe from './pod-worker/observe.ts';
import { isReady, isStarted, type ContainerRecord, type PodRecords, type ProbeName } from './pod-worker/records.ts';
import { checkOnce, type ProbedContainer } from './probe-check.ts';
import type { PreparedProgram } from './prepare-program.ts';
import type { ProcessTable } from './process-table.ts';
import type { ContainerResources } from './resources/container-resources.ts';
import type { RunLogs } from './run-logs.ts';
import type { StartSlots } from './start-slots.ts';
import { stopSignal } from './stop-signal.ts';
import { VolumeError } from './volumes/volume-error.ts';

/** What a container needs of the pod around it. */
export interface ContainerHost {
  pod(): Pod;
  records: PodRecords;
  record: ContainerRecord;
  container: Container;
  anyProgram: boolean;
  /** What holds it to its limits. */
  resources: ContainerResources;
  /** What is broken on purpose. */
  faults: Pick<PodFaults, 'started' | 'judge'>;
  logs: RunLogs;
  processes: ProcessTable;
  /** Where it waits for its turn to start. */
  slots: StartSlots;
  /** Finds out what to run, anew before each start. Throws VolumeError, ContainerConfigError, ImageError. */
  prepare(): Promise<PreparedProgram>;
  dial: Dial;
  event: TellEvent;
  /** The record has changed, and the pod's status with it unless it says otherwise. */
  onChange(isVisible?: boolean): void;
}

/** Carries out what the plan wants of one container, and notes in its record what came of it. Nothing here decides anything. */
export interface ContainerRunner {
  /** Whether it should be ended after those that depend on it: it is a backing service rather than one of ours. */
  readonly isNative: boolean;
  /** What a command would find in it; null while it does not run. */
  readonly view: ContainerView | null;
  /** Its program; null while it does not run. */
  readonly process: ContainerProcess | null;
  /** Output of the present run, and of the one before. */
  log(previous: boolean): LogFile | null;
  start(): void;
  /** A start that waits for something does so no longer. */
  giveUpStart(): void;
  backOff(): void;
  probe(name: ProbeName): void;
  terminate(message: string): void;
  signal(): void;
  kill(): void;
}

interface Running {
  process: ContainerProcess;
  view: ContainerView;
  /** The program has answered for the first time. */
  answered(): void;
  /** Ends what is left of its preStop. */
  preStop: AbortController;
}

export function containerRunner(host: ContainerHost): ContainerRunner {
  const { record, records, container, logs, event, onChange } = host;
  let running: Running | null = null;
  let starting = new AbortController();
  let isNative = false;
  let outOfMemory = false;

  async function start(signal: AbortSignal): Promise<void> {
    if (!host.anyProgram) refuseCommands(container);
    const { program, env, mounts } = await host.prepare();
    isNative = program.published.length > 0;
    const answers = Promise.withResolvers<void>();
    // A native program is up in a moment, and it is what the others wait for.
    if (!isNative && !signal.aborted) await host.slots.take(answers.promise, signal);
    if (signal.aborted) {
      answers.resolve();
      return observe.startGivenUp(record);
    }
    const log = logs.begin(record.hasRun ? record.restartCount + 1 : record.restartCount);
    const process = await startProcess(program, env, log, host.processes, container).catch((error: unknown) => {
      answers.resolve();
      log.close();
      throw error;
    });
    event('Normal', 'Created', `Created container: ${container.name}`);
    event('Normal', 'Started', `Started container ${container.name}`);
    const watching = new AbortController();
    const view = { env, mounts, cwd: program.cwd, user: program.user, ended: watching.signal };
    running = { process, view, answered: () => answers.resolve(), preStop: new AbortController() };
    outOfMemory = false;
    const podUid = host.pod().metadata.uid!;
    host.resources.begin({
      ...{ podUid, container, pid: process.pid, ended: watching.signal, event },
      onOutOfMemory() {
        outOfMemory = true;
        process.kill();
      },
    });
    const exited = host.faults.started({
      ...{ pod: host.pod(), container, pid: process.pid, ended: watching.signal, isNative },
      print: (lines) => log.append('stdout', Buffer.from(lines)),
    });
    observe.started(records, record, container, `breakwater://${randomBytes(32).toString('hex')}`, Date.now());
    if (record.run!.postStart === 'running') void postStart(watching.signal);
    void process.exited.then((exit) => {
      answers.resolve();
      watching.abort();
      log.close();
      running = null;
      const end = endOf(exit, log);
      exited(end.reason);
      observe.exited(host.pod(), records, record, end, Date.now());
      onChange();
    });
  }

  function startFailed(error: Error): void {
    // The volume manager has told why.
    if (error instanceof VolumeError) return observe.startFailed(record, { reason: 'ContainerCreating' }, Date.now());
    event('Warning', 'Failed', `Error: ${error instanceof ImageError ? error.code : error.message}`);
    observe.startFailed(record, { reason: failureReason(error), message: error.message }, Date.now());
  }

  const probed = ({ view, answered }: Running): ProbedContainer => ({
    ...{ container, view, ip: records.podIP!, processes: host.processes },
    async dial(port) {
      const socket = await host.dial(port);
      answered();
      return socket;
    },
  });

  async function postStart(ended: AbortSignal): Promise<void> {
    const isWell = await runHook(container.lifecycle!.postStart!, probed(running!), ended).then(
      () => true,
      () => false,
    );
    // A container that ended under its hook has ended for a reason of its own.
    if (ended.aborted) return;
    if (!isWell) event('Warning', 'FailedPostStartHook', 'PostStartHook failed');
    observe.postStartEnded(record, container, isWell, Date.now());
    onChange();
  }

  async function preStop({ preStop, process, view }: Running): Promise<void> {
    const signal = AbortSignal.any([preStop.signal, view.ended]);
    try {
      await runHook(container.lifecycle!.preStop!, probed(running!), signal);
    } catch {
      if (!signal.aborted) event('Warning', 'FailedPreStopHook', 'PreStopHook failed');
    }
    if (running?.process === process) observe.preStopEnded(record);
    onChange();
  }

  async function look(name: ProbeName, { process }: Running): Promise<void> {
    const outcome = await checkOnce(container[name]!, probed(running!));
    const { isWell, message } = host.faults.judge(host.pod().metadata.uid!, name, outcome);
    if (running?.process !== process) return;
    const before = [isStarted(record), isReady(record)].join();
    const counts = observe.probed(record, container, name, isWell, Date.now());
    const kind = { startupProbe: 'Startup', readinessProbe: 'Readiness', livenessProbe: 'Liveness' }[name];
    if (!isWell && counts) event('Warning', 'Unhealthy', `${kind} probe failed: ${message}`);
    if (isWell && message) event('Warning', 'ProbeWarning', `${kind} probe warning: ${message}`);
    onChange(before !== [isStarted(record), isReady(record)].join());
  }

  /** V8 may give up on its heap between two looks at the memory: it then aborts, and says why. */
  function endOf({ exitCode, signal }: Exit, log: LogFile): Parameters<typeof observe.exited>[3] {
    const gaveUp = () =>
      log
        .lines()
        .slice(-40)
        .some((line) => line.includes('JavaScript heap out of memory'));
    const isKilled = signal === 'SIGABRT' && container.resources?.limits?.memory !== undefined && gaveUp();
    if (outOfMemory || isKilled) return { exitCode: 137, reason: 'OOMKilled' };
    if (exitCode === 0) return { exitCode, reason: 'Completed' };
    const isTold = container.terminationMessagePolicy === 'FallbackToLogsOnError';
    return { exitCode, reason: 'Error', ...(isTold && { message: lastWords(log) }) };
  }

  return {
    get isNative() {
      return isNative;
    },
    get view() {
      return running?.view ?? null;
    },
    get process() {
      return running?.process ?? null;
    },
    log(previous) {
      // While it waits to be started again, the run that has ended is both the latest and the one before.
      const isBetween = record.state.kind === 'waiting' && !record.run;
      return previous && !isBetween ? logs.before : logs.latest;
    },
    start() {
      starting = new AbortController();
      void start(starting.signal)
        .catch((error: unknown) => startFailed(error as Error))
        .then(() => onChange());
    },
    giveUpStart: () => starting.abort(),
    backOff() {
      const { retry, name } = record;
      if (retry?.reason === 'ImagePullBackOff') {
        event('Normal', 'BackOff', `Back-off pulling image "${container.image}"`);
        event('Warning', 'Failed', 'Error: ImagePullBackOff');
      } else {
        const { name: pod, namespace, uid } = host.pod().metadata;
        event('Warning', 'BackOff', `Back-off restarting failed container ${name} in pod ${pod}_${namespace}(${uid})`);
      }
    },
    probe(name) {
      void look(name, running!);
    },
    terminate(message) {
      event('Normal', 'Killing', message);
      if (record.run!.end!.preStop === 'running') void preStop(running!);
    },
    signal() {
      running!.preStop.abort();
      const { stopSignal: name } = container.lifecycle ?? {};
      running!.process.stop(name === undefined ? undefined : stopSignal(name));
    },
    kill() {
      running!.process.kill();
    },
  };
}

/** Of a log, as much as upstream puts into a status: 80 lines, 2048 bytes. */
function lastWords(log: LogFile): string {
  const text = log
    .lines()
    .slice(-80)
    .map((line) => parseLine(line).text)
    .join('');
  return Buffer.from(text).subarray(-2048).toString();
}

function failureReason(error: Error): observe.StartFailure['reason'] {
  if (error instanceof ContainerConfigError) return 'CreateContainerConfigError';
  return error instanceof ImageError ? error.code : 'RunContainerError';
}

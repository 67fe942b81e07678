import { randomBytes } from 'node:crypto';
import { ImageNotFoundError } from '../images/catalogue.ts';
import type { Container } from '../kinds/types.ts';
import { LONGEST_TIMEOUT } from '../network/longest-timeout.ts';
import { startProcess, type ContainerProcess, type Exit } from './container-process.ts';
import { newRecord, type ContainerRecord, type Terminated } from './container-state.ts';
import { ContainerConfigError } from './environment.ts';
import type { LogFile } from './log-file.ts';
import { probeContainer } from './container-probes.ts';
import { watchMemory } from './memory.ts';
import type { Dial } from './probe-check.ts';
import type { PreparedProgram } from './prepare-program.ts';
import type { ProcessTable } from './process-table.ts';
import { restartBackoff } from './restart-backoff.ts';
import { RunLogs } from './run-logs.ts';
import { sleep } from './sleep.ts';
import type { StartSlots } from './start-slots.ts';

/** What a container needs of the pod around it. */
export interface ContainerHost {
  container: Container;
  restartPolicy: string;
  /** The pod's terminationGracePeriodSeconds, for an end that a probe brings about. */
  graceMs: number;
  /** Path of the log of one run, by the number of restarts before it. */
  logPath(restartCount: number): string;
  processes: ProcessTable;
  /** Where it waits for its turn to start. */
  slots: StartSlots;
  /** Finds out what to run, anew before each start. Throws ContainerConfigError, ImageNotFoundError. */
  prepare(): Promise<PreparedProgram>;
  dial: Dial;
  event(type: 'Normal' | 'Warning', reason: string, message: string): void;
  /** The record has changed. */
  onChange(): void;
}

export interface ContainerRunner {
  readonly record: ContainerRecord;
  /** Whether it should be ended after those that depend on it: it is a backing service rather than one of ours. */
  readonly isNative: boolean;
  /** Output of the present run, and of the one before. */
  log(previous: boolean): LogFile | null;
  /** Resolves when it has ended and is not to be started again. */
  done: Promise<void>;
  /** Asks it to end; after the grace period it is killed. */
  stop(graceMs: number): Promise<void>;
  /** Leaves it less time than `stop` has given it, which came before. */
  hasten(graceMs: number): void;
  /** Ends it at once. */
  kill(): Promise<void>;
}

/** How soon a container whose configuration is incomplete looks for it again. */
const configRetryMs = 2_000;

/** Runs a container, again and again as its pod's restart policy says. */
export function runContainer(host: ContainerHost): ContainerRunner {
  const { container, restartPolicy, onChange, event } = host;
  const record = newRecord(container.name, container.image ?? '', 'ContainerCreating');
  const stopping = new AbortController();
  const pullBackoff = restartBackoff();
  const crashBackoff = restartBackoff();
  const logs = new RunLogs();
  let running: ContainerProcess | null = null;
  /** Has been asked to end. */
  let ending: ContainerProcess | null = null;
  let isNative = false;
  let outOfMemory = false;

  const wait = async (reason: string, message: string, milliseconds: number) => {
    record.state = { kind: 'waiting', reason, message };
    onChange();
    await sleep(milliseconds, stopping.signal);
  };

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      const ended = await runOnce();
      if (!ended) continue;
      if (stopping.signal.aborted || restartPolicy === 'Never') return;
      if (restartPolicy === 'OnFailure' && ended.exitCode === 0) return;
      const before = record.lastState;
      record.lastState = ended;
      const pause = crashBackoff.next(ended.finishedAt.getTime() - ended.startedAt.getTime());
      if (pause > 0) {
        event('Warning', 'BackOff', `Back-off restarting failed container ${container.name}`);
        await wait(
          'CrashLoopBackOff',
          `back-off ${pause / 1000}s restarting failed container=${container.name}`,
          pause,
        );
      }
      // Stopped while it waited: what it last ended with is its end.
      if (stopping.signal.aborted) Object.assign(record, { state: ended, lastState: before });
      else record.restartCount += 1;
    }
  }

  /** Null when it did not come to a start. */
  async function runOnce(): Promise<Terminated | null> {
    let prepared: PreparedProgram;
    try {
      prepared = await host.prepare();
    } catch (error) {
      await failedToPrepare(error as Error);
      return null;
    }
    if (stopping.signal.aborted) return null;
    const { program, env } = prepared;
    isNative = program.published.length > 0;
    const answers = Promise.withResolvers<void>();
    // A native program is up in a moment, and it is what the others wait for.
    if (!isNative) await host.slots.take(answers.promise, stopping.signal);
    if (stopping.signal.aborted) return null;
    event('Normal', 'Pulled', `Container image "${container.image}" already present on machine`);
    let log: LogFile | null = null;
    try {
      log = logs.begin(host.logPath(record.restartCount));
      running = await startProcess(program, env, log, host.processes);
    } catch (error) {
      log?.close();
      await failedToPrepare(error as Error);
      return null;
    }
    event('Normal', 'Created', `Created container: ${container.name}`);
    event('Normal', 'Started', `Started container ${container.name}`);
    const startedAt = new Date();
    const containerID = `breakwater://${randomBytes(32).toString('hex')}`;
    outOfMemory = false;
    Object.assign(record, { containerID, started: !container.startupProbe, state: { kind: 'running', startedAt } });
    record.ready = record.started && !container.readinessProbe;
    onChange();
    const watching = new AbortController();
    const process = running;
    void probeContainer(
      {
        container,
        dial: async (port) => {
          const socket = await host.dial(port);
          answers.resolve();
          return socket;
        },
        event,
        onStarted: () => {
          record.started = true;
          setReady(!container.readinessProbe);
        },
        onReady: setReady,
        onDead: (kind) => endUnhealthy(process, kind),
      },
      watching.signal,
    );
    if (prepared.memoryLimit) {
      void watchMemory(running.pid, prepared.memoryLimit, watching.signal, () => {
        outOfMemory = true;
        process.kill();
      });
    }
    const exit = await running.exited;
    answers.resolve();
    watching.abort();
    running = null;
    log.close();
    const state: Terminated = {
      kind: 'terminated',
      exitCode: exit.exitCode,
      reason: exit.exitCode === 0 ? 'Completed' : 'Error',
      startedAt,
      finishedAt: new Date(),
      containerID,
      ...(isOutOfMemory(exit, log) && { exitCode: 137, reason: 'OOMKilled' }),
    };
    Object.assign(record, { ready: false, started: false, state });
    onChange();
    return state;
  }

  async function failedToPrepare(error: Error): Promise<void> {
    event('Warning', 'Failed', error instanceof ImageNotFoundError ? error.message : `Error: ${error.message}`);
    if (error instanceof ContainerConfigError) {
      return wait('CreateContainerConfigError', error.message, configRetryMs);
    }
    const pause = pullBackoff.next(0);
    if (!(error instanceof ImageNotFoundError)) {
      return wait('RunContainerError', error.message, Math.max(pause, configRetryMs));
    }
    event('Warning', 'Failed', 'Error: ErrImagePull');
    await wait('ErrImagePull', error.message, 1000);
    event('Normal', 'BackOff', `Back-off pulling image "${container.image}"`);
    await wait(
      'ImagePullBackOff',
      `Back-off pulling image "${container.image}": ${error.message}`,
      Math.max(pause, 10_000),
    );
  }

  function setReady(ready: boolean): void {
    record.ready = ready;
    onChange();
  }

  function endUnhealthy(process: ContainerProcess, kind: string): void {
    if (ending === process) return;
    event('Normal', 'Killing', `Container ${container.name} failed ${kind} probe, will be restarted`);
    void end(process, host.graceMs);
  }

  /** V8 may give up on its heap between two looks at the memory: it then aborts, and says why. */
  function isOutOfMemory({ signal }: Exit, log: LogFile): boolean {
    const gaveUp = () =>
      log
        .lines()
        .slice(-40)
        .some((line) => line.includes('JavaScript heap out of memory'));
    return outOfMemory || (signal === 'SIGABRT' && container.resources?.limits?.memory !== undefined && gaveUp());
  }

  async function end(process: ContainerProcess, graceMs: number): Promise<void> {
    if (ending !== process) process.stop();
    ending = process;
    const timer = setTimeout(() => process.kill(), Math.min(graceMs, LONGEST_TIMEOUT));
    await process.exited;
    clearTimeout(timer);
  }

  const done = loop();
  return {
    record,
    done,
    get isNative() {
      return isNative;
    },
    log(previous) {
      // Until it is started again, the run that has just ended is both the latest and the one before.
      const between = record.state.kind === 'waiting' || record.state === record.lastState;
      return previous && !between ? logs.before : logs.latest;
    },
    async stop(graceMs) {
      stopping.abort();
      if (running) {
        event('Normal', 'Killing', `Stopping container ${container.name}`);
        const pause = Math.min(graceMs, (container.lifecycle?.preStop?.sleep?.seconds ?? 0) * 1000);
        if (pause > 0) await Promise.race([sleep(pause), running.exited]);
        if (running) await end(running, graceMs - pause);
      }
      await done;
    },
    hasten(graceMs) {
      if (running) void end(running, graceMs);
    },
    async kill() {
      stopping.abort();
      running?.kill();
      await done;
    },
  };
}

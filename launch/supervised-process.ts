import { spawn, type ChildProcess } from 'node:child_process';
import type { Reaper } from '../cluster/embedded/reaper.ts';
import type { LogFile } from './log-file.ts';
import { countDeath, restartDelay } from './restart-delay.ts';

/** What a child tells us over its IPC channel. */
export type ChildMessage =
  { type: 'progress'; phase: string; detail: string } | { type: 'ready'; url?: string; kubeconfig?: string };

export interface ProcessPlan {
  /** As people know it: `cluster`, `lab server`. */
  name: string;
  /** Path of the file that Node runs. */
  entry: string;
  nodeArguments?: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  log: LogFile;
  reaper: Reaper;
  onProgress(message: { phase: string; detail: string }): void;
  onReady(message: { url?: string; kubeconfig?: string }): void;
  onDeath(death: Death): void;
}

export interface Death {
  /** `exit code 1`, `SIGKILL`. */
  how: string;
  /** In a row; a long life between two of them starts the count anew. */
  deaths: number;
  /** Whether it had been ready in this life. */
  wasReady: boolean;
  /** Until it is started again. */
  delayMs: number;
}

export interface SupervisedProcess {
  readonly pid: number | undefined;
  /** Asks it to end, kills its process group when the time is up, and does not start it again. */
  stop(graceMs: number): Promise<void>;
}

/**
 * Keeps a Node process running: starts it again, with a growing delay, whenever it dies. It has a process group of its own
 * (the terminal's Ctrl-C is ours to handle) and writes its log itself.
 */
export function superviseProcess(plan: ProcessPlan): SupervisedProcess {
  let stopping = false;
  let deaths = 0;
  let waiting: NodeJS.Timeout | undefined;
  let child = start();

  function start(): ChildProcess {
    const startedAt = performance.now();
    let ready = false;
    const started = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', ...(plan.nodeArguments ?? []), plan.entry],
      {
        cwd: plan.cwd,
        env: plan.env,
        detached: true,
        stdio: ['ignore', plan.log.fd, plan.log.fd, 'ipc'],
      },
    );
    const { pid } = started;
    if (pid !== undefined) plan.reaper.add(pid);
    started.on('message', (message: ChildMessage) => {
      if (message.type === 'progress') plan.onProgress(message);
      if (message.type === 'ready') {
        ready = true;
        plan.onReady(message);
      }
    });
    const died = (how: string) => {
      if (pid !== undefined) {
        killGroup(pid); // What it had started in its own group.
        plan.reaper.delete(pid);
      }
      if (stopping) return;
      deaths = countDeath(deaths, performance.now() - startedAt);
      const delayMs = restartDelay(deaths, ready);
      waiting = setTimeout(() => (child = start()), delayMs);
      plan.onDeath({ how, deaths, wasReady: ready, delayMs });
    };
    started.once('error', (error) => pid === undefined && died(error.message));
    started.once('exit', (code, signal) => died(signal ?? `exit code ${code}`));
    return started;
  }

  return {
    get pid() {
      return child.pid;
    },
    async stop(graceMs) {
      stopping = true;
      clearTimeout(waiting);
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      const { pid } = child;
      child.kill('SIGTERM');
      const late = setTimeout(() => killGroup(pid), graceMs);
      await gone;
      clearTimeout(late);
    },
  };
}

function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Program } from '../images/image.ts';
import type { LogFile } from './log-file.ts';
import type { ProcessTable } from './process-table.ts';
import { killTree, signal } from './process-tree.ts';
import { sleep } from './sleep.ts';

export interface Exit {
  /** As a shell and Kubernetes count: 128 + signal number for a process that a signal ended. */
  exitCode: number;
  signal: NodeJS.Signals | null;
}

/** A container while it runs. */
export interface ContainerProcess {
  pid: number;
  exited: Promise<Exit>;
  /** Asks it to end, by the image's stop signal. */
  stop(): void;
  /** Ends it and everything it has started. */
  kill(): void;
}

/** How long the output of an ended process may still trickle in through a pipe that a child of it holds open. */
const lastWordsMs = 200;

/** Starts a program in a process group of its own, its output going to the log. Rejects when it cannot be started. */
export async function startProcess(
  program: Program,
  env: Record<string, string>,
  log: LogFile,
  table: ProcessTable,
): Promise<ContainerProcess> {
  const child = spawn(program.command, program.args, {
    cwd: program.cwd,
    env: env as NodeJS.ProcessEnv,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...program.user,
  });
  child.stdout.on('data', (chunk: Buffer) => log.append('stdout', chunk));
  child.stderr.on('data', (chunk: Buffer) => log.append('stderr', chunk));
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, by) => {
      table.delete(child.pid!);
      // What it has started ends with it, as in a container whose first process has ended.
      killTree(child.pid!);
      resolve({ exitCode: by ? 128 + constants.signals[by] : (code ?? 0), signal: by });
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  const pid = child.pid!;
  table.add(pid);
  return {
    pid,
    exited: exited.then(async (exit) => {
      await Promise.race([closed, sleep(lastWordsMs)]);
      child.stdout.destroy();
      child.stderr.destroy();
      return exit;
    }),
    stop: () => void signal(pid, program.stopSignal),
    kill: () => killTree(pid),
  };
}

import { spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { constants } from 'node:os';
import type { Writable } from 'node:stream';
import type { Program } from '../images/image.ts';
import type { Container } from '../kinds/types.ts';
import type { LogFile } from './log-file.ts';
import type { ProcessTable } from './process-table.ts';
import { killLeftBehind, killTree, signal } from './process-tree.ts';
import { sleep } from './sleep.ts';
import { onTerminal, terminalEnv } from './terminal.ts';

export interface Exit {
  /** As a shell and Kubernetes count: 128 + signal number for a process that a signal ended. */
  exitCode: number;
  signal: NodeJS.Signals | null;
}

/** Told of a piece of output. */
export type OutputListener = (stream: 'stdout' | 'stderr', chunk: Buffer) => void;

/** A container while it runs. */
export interface ContainerProcess {
  pid: number;
  /** Whether it has a terminal. */
  tty: boolean;
  /** Its input, if the container has one. */
  stdin: Writable | null;
  /** Calls back with all it writes from now on. Returns what ends that. */
  onOutput(listener: OutputListener): () => void;
  exited: Promise<Exit>;
  /** Asks it to end, by the image's stop signal unless another is given. */
  stop(by?: number): void;
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
  { stdin = false, tty = false }: Pick<Container, 'stdin' | 'tty'> = {},
): Promise<ContainerProcess> {
  const own = [program.command, ...program.args];
  const [command, ...args] = tty ? await onTerminal(own, env, program.cwd) : own;
  const child = spawn(command!, args, {
    cwd: program.cwd,
    env: (tty ? terminalEnv(env) : env) as NodeJS.ProcessEnv,
    detached: true,
    // The end of its input would end a program on a terminal.
    stdio: [stdin || tty ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    ...program.user,
  });
  const output = new EventEmitter<{ chunk: Parameters<OutputListener> }>().setMaxListeners(0);
  output.on('chunk', (stream, chunk) => log.append(stream, chunk));
  child.stdout!.on('data', (chunk: Buffer) => output.emit('chunk', 'stdout', chunk));
  child.stderr!.on('data', (chunk: Buffer) => output.emit('chunk', 'stderr', chunk));
  // It may end without having read what it was given.
  child.stdin?.on('error', () => {});
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, by) => {
      table.delete(child.pid!);
      // What it has started ends with it, as in a container whose first process has ended.
      killTree(child.pid!);
      killLeftBehind(env);
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
    tty,
    stdin: stdin ? child.stdin : null,
    onOutput(listener) {
      output.on('chunk', listener);
      return () => void output.off('chunk', listener);
    },
    exited: exited.then(async (exit) => {
      await Promise.race([closed, sleep(lastWordsMs)]);
      child.stdout!.destroy();
      child.stderr!.destroy();
      return exit;
    }),
    stop: (by) => void signal(pid, by ?? program.stopSignal),
    kill: () => killTree(pid),
  };
}

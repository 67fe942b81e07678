import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname } from 'node:path';
import type { Mount } from '../mounts/mount-view.ts';
import { containerCommand } from './container-command.ts';
import type { Exit } from './container-process.ts';
import type { ProcessTable } from './process-table.ts';
import { killTree } from './process-tree.ts';

/** What a command finds around it when it runs beside a container's own program: the same variables, folder and user. */
export interface ContainerView {
  env: Record<string, string>;
  cwd: string;
  mounts: Mount[];
  /** Whom to run as; absent is whoever runs the cluster. */
  user?: { uid: number; gid: number };
  /** Aborts when the container ends; what runs in it ends then too. */
  ended: AbortSignal;
}

/** A command that runs in a container. */
export interface Execution {
  /** Its three streams; whoever starts it reads them, or nothing goes on once a pipe is full. */
  process: ChildProcessWithoutNullStreams;
  /** Resolves when it has ended and its output is all there; what a daemon of its own still holds open counts no more. */
  exited: Promise<Exit>;
  /** Ends it and everything it has started. */
  kill(): void;
}

/**
 * How long a command that has ended is listened to, in ms, while a process that it started and that has left its group holds
 * its pipes open. What the command itself wrote is in them by then.
 */
const DRAIN_MS = 200;
/** The same, while a client is too slow to take what is there. */
const SLOW_DRAIN_MS = 30_000;

/** The command is none that can be started in the container: `message` is the one a container runtime has. */
export class ExecError extends Error {
  readonly code = 'ExecError';

  constructor(command: string, cause: NodeJS.ErrnoException) {
    const why = cause.code === 'ENOENT' ? 'executable file not found in $PATH' : cause.message;
    super(`exec: "${command}": ${why}`, { cause });
    this.name = 'ExecError';
  }
}

/** Where its commands are looked for. As in the image of Node, `node` is the one that runs everything here. */
export function programPath(env: Record<string, string>): string {
  return [dirname(process.execPath), env.PATH].filter(Boolean).join(delimiter);
}

/** Starts a command in a container, in a process group of its own. Throws ExecError. */
export async function execInContainer(
  view: ContainerView,
  command: string[],
  processes: ProcessTable,
): Promise<Execution> {
  const [program = '', ...args] = containerCommand(view.mounts, command);
  const env: Record<string, string> = { ...view.env, PATH: programPath(view.env) };
  const child = spawn(program, args, {
    ...{ cwd: view.cwd, env: env as NodeJS.ProcessEnv, detached: true, stdio: 'pipe' },
    ...view.user,
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => reject(new ExecError(program, error)));
  });
  const pid = child.pid!;
  processes.add(pid);
  const kill = () => killTree(pid);
  // It may end without having read what it was given.
  child.stdin.on('error', () => {});
  child.once('exit', () => {
    processes.delete(pid);
    // What it has left running would know of no end.
    killTree(pid);
    view.ended.removeEventListener('abort', kill);
    endOutputs(child);
  });
  const exited = new Promise<Exit>((resolve) => {
    child.once('close', (code, signal) => {
      resolve({ exitCode: signal ? 128 + constants.signals[signal] : (code ?? 0), signal });
    });
  });
  if (view.ended.aborted) kill();
  else view.ended.addEventListener('abort', kill, { once: true });
  return { process: child, exited, kill };
}

/** Closes the outputs of a command that has ended, once what is in them was read: after a while in which nobody held that back. */
function endOutputs(child: ChildProcessWithoutNullStreams): void {
  const outputs = [child.stdout, child.stderr];
  const isHeld = () => outputs.some((output) => output.isPaused() || output.readableLength > 0);
  const endedAt = performance.now();
  let held = isHeld();
  for (const output of outputs) output.on('pause', () => (held = true));
  const look = () => {
    const tooLate = performance.now() - endedAt > SLOW_DRAIN_MS;
    if (tooLate || !(held || isHeld())) outputs.forEach((output) => output.destroy());
    held = isHeld();
  };
  // Behind the reading of this turn, which may have been long in coming.
  const timer = setInterval(() => setImmediate(look), DRAIN_MS);
  child.once('close', () => clearInterval(timer));
}

/** As much of a command's output as anybody looks at: the kubelet's own bound for probes, in bytes. */
const longestOutput = 10 * 1024;

/**
 * Runs a command in a container to its end.
 *
 * @param timeoutMs after which it is killed; the answer is null then
 * @returns how it ended, and the first 10 KiB of what it wrote to both of its outputs. Throws ExecError.
 */
export async function runCommand(
  view: ContainerView,
  command: string[],
  timeoutMs: number,
  processes: ProcessTable,
): Promise<{ exitCode: number; output: string } | null> {
  const { process: child, exited, kill } = await execInContainer(view, command, processes);
  const chunks: Buffer[] = [];
  let length = 0;
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      if (length < longestOutput) chunks.push(chunk);
      length += chunk.length;
    });
  }
  child.stdin.end();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    kill();
  }, timeoutMs);
  const { exitCode } = await exited;
  clearTimeout(timer);
  if (late) return null;
  return { exitCode, output: Buffer.concat(chunks).subarray(0, longestOutput).toString() };
}

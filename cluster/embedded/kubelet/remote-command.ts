import { ApiError } from '../apiserver/api-error.ts';
import type { CommandStreams } from '../streams/command-streams.ts';
import { containerCommand } from './container-command.ts';
import { execInContainer, ExecError, programPath, type ContainerView } from './exec.ts';
import type { ProcessTable } from './process-table.ts';
import { NoTerminalError, onTerminal, terminalEnv, terminalSizes } from './terminal.ts';

/**
 * Runs a command of a client in a container, until it ends, the container ends or the client leaves. Resolves to its exit code.
 * Throws ApiError InternalError when it cannot be started.
 */
export async function remoteCommand(
  view: ContainerView,
  command: string[],
  streams: CommandStreams,
  gone: AbortSignal,
  processes: ProcessTable,
): Promise<number> {
  if (command.length === 0) throw notStarted('exec: args must not be empty');
  try {
    const env = streams.tty ? terminalEnv(view.env) : view.env;
    const started = streams.tty
      ? await onTerminal(containerCommand(view.mounts, command), { ...env, PATH: programPath(env) }, view.cwd)
      : command;
    const { process, exited, kill } = await execInContainer({ ...view, env }, started, processes);
    const leave = () => {
      kill();
      // Output that nobody takes any more would hold its pipe open.
      process.stdout.destroy();
      process.stderr.destroy();
    };
    gone.addEventListener('abort', leave);
    if (gone.aborted) leave();
    const { stdin, stdout, stderr } = streams;
    if (stdin) stdin.on('error', () => undefined).pipe(process.stdin);
    // The end of its input would end a shell on a terminal.
    else if (!streams.tty) process.stdin.end();
    if (stdout) process.stdout.pipe(stdout, { end: false });
    else process.stdout.resume();
    if (stderr) process.stderr.pipe(stderr, { end: false });
    else process.stderr.resume();
    const ended = new AbortController();
    if (streams.tty) streams.onResize(terminalSizes(process.pid!, ended.signal));
    const { exitCode } = await exited;
    ended.abort();
    gone.removeEventListener('abort', leave);
    return exitCode;
  } catch (error) {
    if (error instanceof ExecError) throw notStarted(error.message, error);
    if (error instanceof NoTerminalError)
      throw new ApiError('InternalError', error.message, undefined, { cause: error });
    throw error;
  }
}

function notStarted(why: string, cause?: unknown): ApiError {
  const message = `Internal error occurred: error executing command in container: failed to exec in container: ${why}`;
  return new ApiError('InternalError', message, undefined, { cause });
}

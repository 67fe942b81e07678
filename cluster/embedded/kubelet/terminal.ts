import { execFile } from 'node:child_process';
import { accessSync, constants, readlinkSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { TerminalSize } from '../streams/command-streams.ts';
import { ExecError } from './exec.ts';
import { childrenFromProc } from './process-tree.ts';
import { sleep } from './sleep.ts';

const run = promisify(execFile);

/** This machine has nothing to make a terminal with. */
export class NoTerminalError extends Error {
  readonly code = 'NoTerminalError';
}

let supported: Promise<boolean> | undefined;

/**
 * Whether there is the `script` of util-linux: Node cannot open a pseudo terminal itself. That of macOS takes no input from a socket, which
 * every pipe of Node's is there (`tcgetattr/ioctl: Operation not supported on socket`).
 */
async function checkSupport(): Promise<void> {
  supported ??= run('script', ['--version']).then(
    ({ stdout }) => process.platform === 'linux' && stdout.includes('util-linux'),
    () => false,
  );
  if (await supported) return;
  throw new NoTerminalError(
    'a terminal (-t, tty) needs the program "script" of util-linux on Linux, which this machine does not have; ' +
      'go without a terminal: -i instead of -it',
  );
}

/** The variables of a command on a terminal. `script` starts the shell that stands in SHELL: no manifest is to say which. */
export function terminalEnv(env: Record<string, string>): Record<string, string> {
  return { TERM: 'xterm', ...env, SHELL: '/bin/sh' };
}

/**
 * The command that runs `command` on a pseudo terminal of its own, and ends as that does.
 *
 * @param env of the command. Throws NoTerminalError, ExecError
 */
export async function onTerminal(command: string[], env: Record<string, string>, cwd: string): Promise<string[]> {
  await checkSupport();
  // A shell stands between, which would write its own words on the terminal.
  if (!isThere(command[0] ?? '', env.PATH ?? '', cwd)) {
    throw new ExecError(command[0] ?? '', Object.assign(new Error('no such program'), { code: 'ENOENT' }));
  }
  const words = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  return ['script', '-qefc', `stty sane; exec ${words}`, '/dev/null'];
}

/**
 * Gives the terminal that the process `script` has made the sizes of a client's, one after the other: of those that come meanwhile only the
 * last counts, however fast a client sends them.
 *
 * @param ended aborts when there is no terminal any more
 */
export function terminalSizes(script: number, ended: AbortSignal): (size: TerminalSize) => void {
  let next: TerminalSize | null = null;
  let isBusy = false;
  const work = async () => {
    isBusy = true;
    while (next) {
      const size: TerminalSize = next;
      next = null;
      await resizeTerminal(script, size, ended);
    }
    isBusy = false;
  };
  return (size) => {
    next = size;
    if (!isBusy) void work();
  };
}

/** The kernel tells the program on the terminal. Nothing happens when it ends before. */
async function resizeTerminal(script: number, { width, height }: TerminalSize, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    const device = terminalOf(script);
    if (device) {
      await run('stty', ['-F', device, 'rows', `${height}`, 'cols', `${width}`]).catch(() => undefined);
      return;
    }
    await sleep(20, ended);
  }
}

/** `/dev/pts/3`; undefined until there is one. */
function terminalOf(script: number): string | undefined {
  for (const pid of childrenFromProc(script)) {
    try {
      const device = readlinkSync(`/proc/${pid}/fd/0`);
      if (device.startsWith('/dev/pts/')) return device;
    } catch {
      // It has just ended.
    }
  }
  return undefined;
}

function isThere(program: string, path: string, cwd: string): boolean {
  const files = program.includes('/')
    ? [resolve(cwd, program)]
    : path.split(delimiter).map((folder) => resolve(folder, program));
  return files.some((file) => {
    try {
      accessSync(file, constants.X_OK);
      return program !== '';
    } catch {
      return false;
    }
  });
}

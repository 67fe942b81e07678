import type { CommandStreams } from '../streams/command-streams.ts';
import type { ContainerProcess } from './container-process.ts';
import { terminalSizes } from './terminal.ts';

/** A client this far behind, in bytes, is cut off: the container must not wait for it, nor the memory grow with it. */
const maxBehind = 4 * 2 ** 20;

/**
 * Gives a client what the program of a container writes from now on, and the program what the client writes. Resolves when the
 * container has ended, or the client has left.
 *
 * @param stdinOnce whether the program's input ends with this client's
 */
export async function attachTo(
  process: ContainerProcess,
  { stdin, stdout, stderr, onResize }: CommandStreams,
  stdinOnce: boolean,
  gone: AbortSignal,
): Promise<void> {
  const left = Promise.withResolvers<void>();
  const leave = () => left.resolve();
  gone.addEventListener('abort', leave);
  const silence = process.onOutput((stream, chunk) => {
    const output = stream === 'stdout' ? stdout : stderr;
    output?.write(chunk);
    if (output && output.writableLength > maxBehind) leave();
  });
  if (stdin && process.stdin) stdin.on('error', () => undefined).pipe(process.stdin, { end: stdinOnce });
  else stdin?.resume();
  if (process.tty) onResize(terminalSizes(process.pid, gone));
  await Promise.race([process.exited, left.promise]);
  silence();
  if (process.stdin) stdin?.unpipe(process.stdin);
  if (stdin && stdinOnce) process.stdin?.end();
  gone.removeEventListener('abort', leave);
}

import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const { O_NONBLOCK, O_WRONLY } = constants;
/** Without an agent, lines are on standard output alone; it is looked for this often. */
const retryMs = 1_000;

/**
 * A synchronous appender: hands each line to the log agent of the same pod over a named pipe, and the whole process waits until the agent
 * says that it is settled. `lines` takes `<number> <line>`, the number comes back by `answers`.
 */
export function agentPipe(folder: string): (line: string) => void {
  const answer = Buffer.alloc(4096);
  let pipes: { lines: number; answers: number } | undefined;
  let triedAt = -Infinity;
  // Grows over restarts too: an answer to the process before is none to this one.
  let number = Date.now() * 1000;

  function open(): { lines: number; answers: number } {
    const path = join(folder, 'lines');
    // Throws where nobody reads; a blocking open would wait for somebody.
    const probe = openSync(path, O_WRONLY | O_NONBLOCK);
    const lines = openSync(path, O_WRONLY);
    closeSync(probe);
    const opened = { lines, answers: openSync(join(folder, 'answers'), 'r') };
    // Ends what a process before has left unfinished.
    writeSync(lines, '\n');
    return opened;
  }

  function handOver(line: string): void {
    pipes ??= open();
    number += 1;
    for (let rest = Buffer.from(`${number} ${line}`); rest.length > 0;)
      rest = rest.subarray(writeSync(pipes.lines, rest));
    for (let told = ''; !told.split('\n').includes(String(number));) {
      const size = readSync(pipes.answers, answer);
      if (size === 0) throw new Error('the agent is gone');
      told += answer.toString('latin1', 0, size);
    }
  }

  return (line) => {
    if (!pipes && performance.now() - triedAt < retryMs) return;
    try {
      handOver(line);
    } catch {
      // Logging must never be why a service fails: the line is on standard output.
      triedAt = performance.now();
      for (const fd of Object.values(pipes ?? {})) closeSync(fd);
      pipes = undefined;
    }
  };
}

import { execFileSync } from 'node:child_process';
import { constants, existsSync, openSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Origin, Source } from './source.ts';

const { O_NONBLOCK, O_RDWR } = constants;

/**
 * Lines that a service of the same pod hands over one by one, and waits for the answer to each: two named pipes in a folder that both
 * have mounted. `lines` has `<number> <line>`; the number in `answers` says that the line is settled; to 0
 * nobody waits for an answer.
 */
export function pipeSource(folder: string, origin: Origin): Source {
  const [lines, answers] = ['lines', 'answers'].map((name) => {
    // Node cannot make them; every POSIX system has the command.
    if (!existsSync(join(folder, name))) execFileSync('mkfifo', ['-m', '600', name], { cwd: folder });
    return name;
  }) as [string, string];
  // For both directions, so that no end of theirs is ever an end of the pipe. `answers` first: who finds a reader of `lines` finds it too.
  const answersFd = openSync(join(folder, answers), O_RDWR | O_NONBLOCK);
  const input = new Socket({ fd: openSync(join(folder, lines), O_RDWR | O_NONBLOCK), writable: false });
  const iterator = createInterface({ input, crlfDelay: Infinity })[Symbol.asyncIterator]();
  let unsettled = '';

  return {
    async next() {
      for (;;) {
        const { value, done } = await iterator.next();
        if (done) return [];
        const [, number, text] = /^(\d+) (.*)$/s.exec(value) ?? [];
        // A service that was killed has left half a line.
        if (number === undefined || text === undefined) continue;
        unsettled = number;
        return [{ text, origin }];
      }
    },
    settled() {
      if (unsettled === '0') return;
      try {
        writeSync(answersFd, `${unsettled}\n`);
      } catch (error) {
        // Full of answers that nobody waits for any more.
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      }
    },
    close: () => void input.destroy(),
  };
}

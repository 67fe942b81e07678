import type { LogOptions } from '../apiserver/api.ts';
import type { LogFile } from './log-file.ts';
import { parseLine } from './log-line.ts';

/** A reader this far behind, in bytes, is cut off: the container must not wait for it, nor the memory grow with it. */
const maxBehind = 4 * 2 ** 20;

/** What `kubectl logs` prints of a container: the lines asked for, then (follow) those to come until the container ends. */
export async function* readLog(log: LogFile, options: LogOptions, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  let left = options.limitBytes ?? Infinity;
  const render = (line: string): Buffer => {
    const { time, text } = parseLine(line);
    const bytes = Buffer.from(options.timestamps ? `${time} ${text}` : text).subarray(0, left);
    left -= bytes.length;
    return bytes;
  };
  const waiting: string[] = [];
  let behind = 0;
  let wake = () => {};
  const abort = () => wake();
  // From before the file is read, in the same turn: no line is missed, none comes twice.
  const unfollow: () => void = options.follow
    ? log.follow((line) => {
        waiting.push(line);
        behind += line.length;
        if (behind > maxBehind) {
          unfollow();
          waiting.length = 0;
        }
        wake();
      })
    : () => {};
  try {
    const past = select(log.lines(), options).map(render);
    if (past.length > 0) yield Buffer.concat(past);
    if (!options.follow) return;
    let ended = false;
    void log.closed.then(() => {
      ended = true;
      wake();
    });
    signal.addEventListener('abort', abort);
    while (!signal.aborted && left > 0) {
      if (behind > maxBehind) return;
      if (waiting.length > 0) {
        behind = 0;
        yield Buffer.concat(waiting.splice(0).map(render));
      } else if (ended) return;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    unfollow();
    signal.removeEventListener('abort', abort);
  }
}

function select(lines: string[], { tailLines, sinceSeconds }: LogOptions): string[] {
  let selected = lines;
  if (sinceSeconds !== undefined) {
    const since = new Date(Date.now() - sinceSeconds * 1000).toISOString();
    selected = selected.filter((line) => parseLine(line).time >= since);
  }
  if (tailLines !== undefined) selected = tailLines === 0 ? [] : selected.slice(-tailLines);
  return selected;
}

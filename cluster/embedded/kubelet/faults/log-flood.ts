import { appendFileSync, closeSync, constants, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Container, Pod } from '../../kinds/types.ts';
import { podVolumeFolder } from '../volumes/folders.ts';
import type { StartEffect } from './effect.ts';

const { O_NONBLOCK, O_WRONLY } = constants;
const turnMs = 100;
/** A file that nobody shortens gets no lines beyond this, in bytes. */
const mostBytes = 8 * 2 ** 20;

/**
 * Lines beside those of the container's program, from outside of it: it can be told to end though the program stands still. They go
 * wherever the program's own go: its output, and, where a log agent shares a folder with it, what that reads there.
 */
export const logFlood: StartEffect<{ type: 'log-flood'; linesPerSecond: number }> = (
  { linesPerSecond },
  { pod, home, tell },
) => {
  const timers = new Set<NodeJS.Timeout>();
  const first = pod.spec!.containers[0]!;
  const service = pod.metadata.labels?.['app'] ?? first.name;
  const handOver = agentOf(pod, first, home);
  let [printed, due] = [0, 0];
  return {
    onContainer({ container: { name }, print, ended }) {
      if (name !== first.name) return;
      const timer = setInterval(() => {
        due += (linesPerSecond * turnMs) / 1000;
        const lines = Array.from({ length: Math.floor(due) }, (_, index) => {
          const time = new Date();
          return JSON.stringify({ time, level: 'debug', service, message: 'Flood', line: printed + index + 1 });
        });
        due -= lines.length;
        printed += lines.length;
        print(`${lines.join('\n')}\n`);
        handOver(lines);
        tell({ sent: printed });
      }, turnMs);
      timers.add(timer);
      ended.addEventListener('abort', () => clearInterval(timer));
      tell({ sent: printed });
    },
    async end() {
      for (const timer of timers) clearInterval(timer);
    },
  };
};

/** How lines reach the agent in the pod, as the shop's services write them (cluster/shop/service/log-appender.ts). */
function agentOf({ metadata }: Pod, { env, volumeMounts }: Container, home: string): (lines: string[]) => void {
  const valueOf = (variable: string) => env?.find(({ name }) => name === variable)?.value;
  const mount = volumeMounts?.find(({ mountPath }) => mountPath === valueOf('LOG_FOLDER'));
  if (!mount) return () => undefined;
  const folder = podVolumeFolder(home, metadata.uid!, mount.name);
  return valueOf('LOG_DELIVERY') === 'synchronous'
    ? (lines) => intoPipe(join(folder, 'lines'), lines)
    : (lines) => intoFile(join(folder, 'service.log'), lines);
}

/** As much as there is room for: whoever reads has more to do than it can by then. */
function intoPipe(path: string, lines: string[]): void {
  let pipe: number | undefined;
  try {
    pipe = openSync(path, O_WRONLY | O_NONBLOCK);
    // Nobody waits for an answer to a line without a number.
    for (const line of lines) writeSync(pipe, `0 ${line}\n`);
  } catch (error) {
    // Full, or nobody reads.
    if (!['EAGAIN', 'ENXIO', 'ENOENT', 'EPIPE'].includes((error as NodeJS.ErrnoException).code!)) throw error;
  } finally {
    if (pipe !== undefined) closeSync(pipe);
  }
}

function intoFile(path: string, lines: string[]): void {
  const file = statSync(path, { throwIfNoEntry: false });
  // The service makes it, and begins a new one when it is full.
  if (file && file.size < mostBytes) appendFileSync(path, `${lines.join('\n')}\n`);
}

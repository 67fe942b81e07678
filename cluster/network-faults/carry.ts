import type { Socket } from 'node:net';
import type { DelayLine } from './delay-line.ts';

/**
 * Carries one direction: every byte, then the end, through the line. Reading stops while the other side does not take
 * what it has, or while the line holds all it may: so no more than both buffers is ever in memory.
 */
export function carry(from: Socket, to: Socket, line: DelayLine, onChunk: () => void): void {
  const write = (chunk: Buffer) => {
    if (to.writable && !to.write(chunk)) from.pause();
  };
  const readOn = () => {
    if (!to.writableNeedDrain && !line.full) from.resume();
  };
  from.on('data', (chunk: Buffer) => {
    onChunk();
    if (line.clear) return write(chunk);
    line.hold({ kind: 'data', bytes: chunk.length }, () => {
      write(chunk);
      if (from.isPaused()) readOn();
    });
    if (line.full) from.pause();
  });
  to.on('drain', readOn);
  from.once('end', () => {
    if (line.clear) to.end();
    else line.hold({ kind: 'end', bytes: 0 }, () => to.end());
  });
  from.resume();
}

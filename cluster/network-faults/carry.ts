import type { Socket } from 'node:net';
import type { DelayLine } from './delay-line.ts';
import type { Passage } from './stream-fault.ts';

/** Something on its way through a line, and what the other side gets once it is there. */
export interface Load {
  passage: Passage;
  arrive?: () => Buffer | null;
}

export type Hold = (load: Load) => void;

/** One direction. What comes is put on the line with `hold`; or it goes straight on, where nothing acts: then these answer false. */
export interface Lane {
  line: DelayLine;
  take: (chunk: Buffer, hold: Hold) => boolean;
  takeEnd: (hold: Hold) => boolean;
}

/**
 * Carries one direction: every byte, then the end, through the line. Reading stops while the other side does not take
 * what it has, or while the line holds all it may: so no more than both buffers is ever in memory. Answers with the way to
 * put more on the line.
 */
export function carry(from: Socket, to: Socket, { line, take, takeEnd }: Lane): Hold {
  const write = (chunk: Buffer) => {
    if (to.writable && !to.write(chunk)) from.pause();
  };
  const readOn = () => {
    if (!to.writableNeedDrain && !line.full) from.resume();
  };
  const hold: Hold = ({ passage, arrive }) => {
    line.hold(passage, () => {
      const chunk = arrive?.();
      if (chunk) write(chunk);
      if (passage.kind === 'end') to.end();
      else if (from.isPaused()) readOn();
    });
  };
  from.on('data', (chunk: Buffer) => {
    if (!take(chunk, hold)) return write(chunk);
    if (line.full) from.pause();
  });
  to.on('drain', readOn);
  from.once('end', () => {
    if (!takeEnd(hold)) to.end();
  });
  from.resume();
  return hold;
}

import { setTimeout as delay } from 'node:timers/promises';
import type { Source, SourceLine } from './source.ts';

/** Files tell of nothing: they are looked at this often while there is nothing new. */
const lookEveryMs = 200;

/**
 * Lines of files, by looking again and again.
 *
 * @param look reads on a little, wherever there is something new; empty when there is nothing
 */
export function polledSource(look: () => SourceLine[]): Source {
  let waiting: SourceLine[] = [];
  let closed = false;
  return {
    async next(max) {
      while (waiting.length === 0) {
        waiting = look();
        if (waiting.length > 0 || closed) break;
        await delay(lookEveryMs);
      }
      return waiting.splice(0, max);
    },
    settled() {},
    close: () => void (closed = true),
  };
}

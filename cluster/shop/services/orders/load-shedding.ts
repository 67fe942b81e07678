import { trace } from '@opentelemetry/api';
import { Failure } from '../../service/failure.ts';
import type { WaitingLine } from '../../service/waiting-line.ts';

/** By then the line has been served, or is as long again. */
const retryAfter = 1;

/**
 * Turns a request away while `most` others wait in line already, before any work is done for it: one that waits until its caller has left
 * costs as much as one that is of use.
 *
 * @param most 0 for no bound
 * @throws from each call Failure 503 `overloaded`, with `Retry-After`
 */
export function loadShedding(line: WaitingLine, most: number): () => void {
  return () => {
    if (most === 0 || line.waiting < most) return;
    trace.getActiveSpan()?.addEvent('load.shed', { waiting: line.waiting });
    throw new Failure(503, 'overloaded', `Not begun: ${line.waiting} orders wait already; try again later.`, {
      retryAfter,
    });
  };
}

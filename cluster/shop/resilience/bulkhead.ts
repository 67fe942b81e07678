import { bulkhead, BulkheadRejectedError } from 'cockatiel';
import type { Policy } from './attempt.ts';
import { noteDecision } from './decision.ts';
import type { BulkheadSettings } from './edge-settings.ts';

/** All places of the edge are taken, and so is its queue: the other side was not asked. */
export class BulkheadFull extends Error {
  readonly code = 'bulkhead_full';

  constructor(edge: string, cause: unknown) {
    super(`The bulkhead of ${edge} is full.`, { cause });
    this.name = 'BulkheadFull';
  }
}

/** Bounds how many calls of an edge are under way, so that one slow destination cannot take all of its caller. @throws BulkheadFull */
export function bulkheadOf(edge: string, { limit, queue }: BulkheadSettings): Policy {
  const policy = bulkhead(limit, queue);
  policy.onReject(() => noteDecision('bulkhead.rejected', edge));
  return (attempt) => async (call) => {
    try {
      return await policy.execute(() => attempt(call), call.signal);
    } catch (error) {
      if (error instanceof BulkheadRejectedError) throw new BulkheadFull(edge, error);
      throw error;
    }
  };
}

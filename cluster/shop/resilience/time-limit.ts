import { TaskCancelledError, timeout, TimeoutStrategy } from 'cockatiel';
import type { Policy } from './attempt.ts';

/** The call took too long and was given up. What it asked for may have happened all the same. */
export class TimeLimitReached extends Error {
  readonly code = 'timeout';

  constructor(ms: number, options?: ErrorOptions) {
    super(`No answer within ${ms} ms.`, options);
    // Recorded as `error.type` of the client span, whose conventional value for this is `timeout`.
    this.name = 'timeout';
  }
}

/** Gives each attempt up after `ms`. @throws TimeLimitReached */
export function timeLimit(ms: number): Policy {
  const policy = timeout(ms, { strategy: TimeoutStrategy.Aggressive, abortOnReturn: false });
  return (attempt) => async (call) => {
    try {
      return await policy.execute(({ signal }) => {
        // The library aborts without a reason; the span of the call is to say that this was a timeout.
        const abandoned = new AbortController();
        const abandon = () => abandoned.abort(call.signal?.aborted ? call.signal.reason : new TimeLimitReached(ms));
        signal.addEventListener('abort', abandon, { once: true });
        return attempt({ ...call, signal: abandoned.signal });
      }, call.signal);
    } catch (error) {
      if (!(error instanceof TaskCancelledError)) throw error;
      throw call.signal?.aborted ? call.signal.reason : new TimeLimitReached(ms, { cause: error });
    }
  };
}

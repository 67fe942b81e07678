/** The call took too long and was given up. What it asked for may have happened all the same. */
export class TimeLimitReached extends Error {
  readonly code = 'timeout';

  constructor(ms: number) {
    super(`No answer within ${ms} ms.`);
    // Recorded as `error.type` of the client span, whose conventional value for this is `timeout`.
    this.name = 'timeout';
  }
}

/** Gives `call` a signal that aborts after `ms`; with 0 there is no limit and no signal. */
export async function timeLimit<T>(ms: number, call: (signal?: AbortSignal) => Promise<T>): Promise<T> {
  if (ms === 0) return call();
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new TimeLimitReached(ms)), ms);
  try {
    return await call(limit.signal);
  } finally {
    clearTimeout(timer);
  }
}

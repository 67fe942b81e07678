const firstMs = 1_000;
const lastMs = 60_000;
/** Who has run this long is forgiven. */
const forgiveMs = 10 * 60_000;

/**
 * How long a container waits before it is started again: at once the first time, then 1 s, 2 s, 4 s ... 60 s. These are the bounds of
 * Kubernetes' ReduceDefaultCrashLoopBackOffDecay (KEP-4603); by default it waits 10 s ... 5 min, as if nobody were looking.
 */
export interface RestartBackoff {
  /** @param ranMs how long it has just run */
  next(ranMs: number): number;
}

export function restartBackoff(): RestartBackoff {
  let wait = 0;
  return {
    next(ranMs) {
      if (ranMs >= forgiveMs) wait = 0;
      const now = wait;
      wait = wait === 0 ? firstMs : Math.min(wait * 2, lastMs);
      return now;
    },
  };
}

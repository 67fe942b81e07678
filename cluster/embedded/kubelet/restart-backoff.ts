const firstMs = 10_000;
const lastMs = 5 * 60_000;
/** Who has run this long is forgiven. */
const forgiveMs = 10 * 60_000;

/** How long a container waits before it is started again: at once the first time, then 10 s, 20 s ... 5 min. */
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

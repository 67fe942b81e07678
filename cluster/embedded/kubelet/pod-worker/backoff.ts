/** Who has run this long is forgiven, as upstream. */
const forgiveMs = 10 * 60_000;

/** How long a container waits after an end: the first and the longest pause, in ms. */
export interface BackoffLimits {
  firstMs: number;
  longestMs: number;
}

/**
 * The bounds of Kubernetes' ReduceDefaultCrashLoopBackOffDecay (KEP-4603). By default a real kubelet waits 10 s ... 5 min, as if nobody
 * were looking, and a shop whose database was killed twice would be gone for as long.
 */
export const crashBackoff: BackoffLimits = { firstMs: 1_000, longestMs: 60_000 };

/** As upstream's for images. */
export const pullBackoff: BackoffLimits = { firstMs: 10_000, longestMs: 300_000 };

/**
 * The pause after a container's end: none the first time, then `firstMs`, doubled each time.
 *
 * @param before the pause before; null after the first end
 * @param ranMs how long it has just run
 */
export function nextDelay(before: number | null, ranMs: number, { firstMs, longestMs }: BackoffLimits): number {
  if (before === null || ranMs >= forgiveMs) return 0;
  return before === 0 ? firstMs : Math.min(before * 2, longestMs);
}

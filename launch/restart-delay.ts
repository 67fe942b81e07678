/** Lives longer than this and it was well: the next death starts the back-off anew. */
const wellAfterMs = 30_000;

/** The longest wait between two starts. */
const longestMs = 10_000;
/** The same for one whose starts succeed: customers wait for it, and each of its starts gets them served for a while. */
const longestOfReadyMs = 1_000;

/**
 * How long to wait before starting a process again: not at all after the first death, then 0.5 s, 1 s, and, unless it had come as
 * far as being ready, 2 s ... 10 s.
 *
 * @param deaths in a row, this one included
 */
export function restartDelay(deaths: number, wasReady: boolean): number {
  return deaths <= 1 ? 0 : Math.min(500 * 2 ** (deaths - 2), wasReady ? longestOfReadyMs : longestMs);
}

/** Deaths in a row after one more, which came when the process had run for so long. */
export function countDeath(deaths: number, ranMs: number): number {
  return ranMs >= wellAfterMs ? 1 : deaths + 1;
}

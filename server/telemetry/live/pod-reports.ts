/** A pod that has not reported for this long is taken as gone. Pods report every 500 ms. */
const SILENCE_MS = 3000;

/** Of one service or edge. Those that come first stay: they are real, unless all are made up. */
const MAX_PODS = 256;

/** The last report of each pod, forgotten when the pod falls silent. The longest silent stands first. */
export class PodReports<T> {
  readonly #reports = new Map<string, { at: number; report: T }>();

  /** @param now the receiver's clock: a pod's own may be off */
  set(pod: string, now: number, report: T): void {
    this.#forget(now);
    if (!this.#reports.delete(pod) && this.#reports.size >= MAX_PODS) return;
    this.#reports.set(pod, { at: now, report });
  }

  get(pod: string): T | undefined {
    return this.#reports.get(pod)?.report;
  }

  live(now: number): T[] {
    this.#forget(now);
    return [...this.#reports.values()].map(({ report }) => report);
  }

  #forget(now: number): void {
    for (const [pod, { at }] of this.#reports) {
      if (now - at <= SILENCE_MS) break;
      this.#reports.delete(pod);
    }
  }
}

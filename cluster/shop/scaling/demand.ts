export interface ScaleBounds {
  /** Requests at once that one instance is for. */
  target: number;
  min: number;
  max: number;
  /** An instance that was not needed for so long goes. */
  idleMs: number;
}

/**
 * How many instances the function is to have: enough for the most requests there were at once within the last `idleMs`. So it grows
 * at once, and shrinks only when what it grew for has been over for a while.
 */
export class Demand {
  readonly #bounds: ScaleBounds;
  /** Each the most from its moment on, until the next: falling. The last is what there is now. */
  #peaks: { until: number; requests: number }[] = [];
  #now = 0;

  constructor(bounds: ScaleBounds) {
    this.#bounds = bounds;
  }

  /** @param at ms of a clock that never goes back */
  change(requests: number, at: number): void {
    this.#end(at);
    this.#now = requests;
  }

  wanted(at: number): number {
    const { target, min, max, idleMs } = this.#bounds;
    this.#peaks = this.#peaks.filter(({ until }) => at - until < idleMs);
    const most = Math.max(this.#now, this.#peaks[0]?.requests ?? 0);
    return Math.min(max, Math.max(min, Math.ceil(most / target)));
  }

  /** What there was until now is past; what was less, and over before, counts no more. */
  #end(at: number): void {
    while (this.#peaks.length > 0 && this.#peaks.at(-1)!.requests <= this.#now) this.#peaks.pop();
    if (this.#now > 0) this.#peaks.push({ until: at, requests: this.#now });
  }
}

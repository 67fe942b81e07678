import type { FaultCounts } from './fault-type.ts';

/** What one counter has counted. It lives in a process and dies with it: one that starts anew is another counter. */
export interface Reading extends Partial<FaultCounts> {
  counter: string;
  /** Names of pods hit. */
  pods: readonly string[];
}

/** A fault lists no more pods than that: they may be replaced for as long as it acts. */
const mostPods = 100;

/** What a fault has done, over all its counters. What was counted once is never taken back. */
export class Evidence {
  readonly #before: FaultCounts;
  readonly #counters = new Map<string, Reading>();
  readonly #pods: Set<string>;
  #told = '';

  /** @param before what its status says from before a restart */
  constructor(before: { counts?: FaultCounts | undefined; pods?: string[] | undefined } = {}) {
    this.#before = before.counts ?? { delayed: 0, failed: 0, dropped: 0 };
    this.#pods = new Set(before.pods);
  }

  add(reading: Reading): void {
    this.#counters.set(reading.counter, reading);
    for (const pod of reading.pods) if (this.#pods.size < mostPods) this.#pods.add(pod);
  }

  counts(): FaultCounts {
    const sum = { ...this.#before };
    for (const { delayed = 0, failed = 0, dropped = 0 } of this.#counters.values()) {
      sum.delayed += delayed;
      sum.failed += failed;
      sum.dropped += dropped;
    }
    return sum;
  }

  /** Whether anything has met it. */
  get hasEffect(): boolean {
    return Object.values(this.counts()).some((count) => count > 0);
  }

  /** Whether it says something else than when it was last asked this. */
  isNews(): boolean {
    const now = JSON.stringify([this.counts(), this.pods()]);
    const before = this.#told || JSON.stringify([this.#before, []]);
    this.#told = now;
    return now !== before;
  }

  pods(): string[] {
    return [...this.#pods];
  }
}

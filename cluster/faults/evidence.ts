import { noCounts, type FaultCounts } from './fault-type.ts';

/** What one counter has counted. It lives in a process and dies with it: one that starts anew is another counter. */
export interface Reading extends Partial<FaultCounts> {
  counter: string;
  /** Names of pods hit. */
  pods: readonly string[];
  /** What it cannot act on, in words. */
  remark?: string | undefined;
}

/** A fault lists no more pods than that: they may be replaced for as long as it acts. */
const mostPods = 100;

/** What a fault has done, over all its counters. What was counted once is never taken back. */
export class Evidence {
  readonly #before: FaultCounts;
  readonly #counters = new Map<string, Reading>();
  readonly #pods: Set<string>;
  #remark: string | null = null;
  #told = '';

  /** @param before what its status says from before a restart */
  constructor(before: { counts?: FaultCounts | undefined; pods?: string[] | undefined } = {}) {
    this.#before = { ...noCounts, ...before.counts };
    this.#pods = new Set(before.pods);
  }

  add(reading: Reading): void {
    this.#counters.set(reading.counter, reading);
    this.#remark = reading.remark ?? this.#remark;
    for (const pod of reading.pods) if (this.#pods.size < mostPods) this.#pods.add(pod);
  }

  counts(): FaultCounts {
    const sum = { ...this.#before };
    for (const reading of this.#counters.values()) {
      for (const name of Object.keys(sum) as (keyof FaultCounts)[]) sum[name] += reading[name] ?? 0;
    }
    return sum;
  }

  /** Whether anything has met it. */
  get hasEffect(): boolean {
    return Object.values(this.counts()).some((count) => count > 0);
  }

  /** Whether it says something else than when it was last asked this. */
  isNews(): boolean {
    const now = JSON.stringify([this.counts(), this.pods(), this.#remark]);
    const before = this.#told || JSON.stringify([this.#before, [], null]);
    this.#told = now;
    return now !== before;
  }

  /** What it cannot act on, by who carries it out. */
  get remark(): string | null {
    return this.#remark;
  }

  pods(): string[] {
    return [...this.#pods];
  }
}

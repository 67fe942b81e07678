import type { Evidence } from '../../cluster/faults/fault.ts';
import type { FaultEvidence } from '../contract/faults.ts';

/**
 * What a fault has done, over counters that die with their pods. What was counted once is never taken back: a counter
 * below its last reading has started anew, and all it says is new (as `increase` of Prometheus has it).
 */
export class EvidenceSum {
  readonly #last = new Map<string, Evidence>();
  readonly #pods = new Set<string>();
  #delayed = 0;
  #failed = 0;

  add(readings: readonly Evidence[]): void {
    for (const reading of readings) {
      const last = this.#last.get(reading.counter);
      this.#delayed += increase(last?.delayed ?? 0, reading.delayed);
      this.#failed += increase(last?.failed ?? 0, reading.failed);
      this.#last.set(reading.counter, reading);
      for (const pod of reading.pods) this.#pods.add(pod);
    }
  }

  view(): FaultEvidence {
    return { delayed: this.#delayed, failed: this.#failed, pods: [...this.#pods] };
  }
}

function increase(before: number, now: number): number {
  return now < before ? now : now - before;
}

/** A fault the bank was told to have, for a time. Times are Unix ms. */
export interface BankFault {
  id: string;
  fault: 'bank-slow' | 'bank-failing';
  target: string;
  parameters: { delayMs?: number | undefined; percent: number };
  startedAt: number;
  endsAt: number;
}

export interface FaultEvidence {
  delayed: number;
  failed: number;
}

interface Everyday {
  /** Least and most, uniformly. */
  latencyMs: [number, number];
  failurePercent: number;
}

/** How long a fault that ended by itself stays known, so that whoever started it can read its last counts. */
const keptMs = 10_000;

/** How the bank takes its next call: its everyday behaviour, and the faults that have not ended. */
export class Behaviour {
  readonly #everyday: Everyday;
  readonly #faults = new Map<string, BankFault & FaultEvidence>();
  readonly #random: () => number;
  readonly #now: () => number;

  constructor(everyday: Everyday, random: () => number = Math.random, now: () => number = Date.now) {
    this.#everyday = everyday;
    this.#random = random;
    this.#now = now;
  }

  /** Adds faults, or renews those of the same id; the others stay. What they did so far stays counted. */
  merge(faults: BankFault[]): void {
    for (const fault of faults) {
      const { delayed = 0, failed = 0 } = this.#faults.get(fault.id) ?? {};
      this.#faults.set(fault.id, { ...fault, delayed, failed });
    }
  }

  /** Ends a fault, and says what it has done; null when there is none of that id. */
  end(id: string): (BankFault & FaultEvidence) | null {
    const fault = this.#faults.get(id) ?? null;
    this.#faults.delete(id);
    return fault;
  }

  /** The faults that act now. Each ends by itself, at its own time. */
  active(): (BankFault & FaultEvidence)[] {
    const now = this.#now();
    for (const { id, endsAt } of this.#faults.values()) if (endsAt + keptMs <= now) this.#faults.delete(id);
    return [...this.#faults.values()].filter(({ endsAt }) => endsAt > now);
  }

  next(): { latencyMs: number; fails: boolean } {
    const [least, most] = this.#everyday.latencyMs;
    let latencyMs = least + this.#random() * (most - least);
    let fails = this.#hits(this.#everyday.failurePercent);
    for (const fault of this.active()) {
      if (!this.#hits(fault.parameters.percent)) continue;
      if (fault.fault === 'bank-slow') {
        latencyMs += fault.parameters.delayMs ?? 0;
        fault.delayed += 1;
      } else {
        fails = true;
        fault.failed += 1;
      }
    }
    return { latencyMs, fails };
  }

  #hits(percent: number): boolean {
    return this.#random() * 100 < percent;
  }
}

import { randomBytes } from 'node:crypto';

/** A fault the bank is told to have, for what is left of its lease. */
export interface BankFault {
  behaviour: 'slow' | 'failing';
  parameters: { delayMs?: number | undefined; percent: number };
  remainingMs: number;
}

export interface FaultCounts {
  /** Another one each time the bank starts: it counts from 0 then. */
  counter: string;
  delayed: number;
  failed: number;
}

interface Everyday {
  /** Least and most, uniformly. */
  latencyMs: [number, number];
  failurePercent: number;
}

interface ActingFault {
  fault: BankFault;
  /** By the monotonic clock of this process: no lease goes by another machine's. */
  endsAt: number;
  counts: FaultCounts;
  /** Told when it has counted, and (null) when it is over. */
  listeners: Set<(counts: FaultCounts | null) => void>;
  timer: NodeJS.Timeout;
}

/** So many ended faults stay known, so that a word that was on its way does not bring one back. */
const mostEnded = 1000;

/** How the bank takes its next call: its everyday behaviour, and the faults whose lease has not ended. */
export class Behaviour {
  readonly #counter = randomBytes(4).toString('hex');
  readonly #everyday: Everyday;
  readonly #faults = new Map<string, ActingFault>();
  readonly #ended = new Set<string>();
  readonly #random: () => number;
  readonly #now: () => number;

  constructor(everyday: Everyday, random: () => number = Math.random, now: () => number = () => performance.now()) {
    this.#everyday = everyday;
    this.#random = random;
    this.#now = now;
  }

  /** Begins a fault, unless it is there already (then it keeps the lease it has) or has ended. Ids are never used twice. */
  begin(id: string, fault: BankFault): void {
    if (this.#faults.has(id) || this.#ended.has(id)) return;
    this.#faults.set(id, {
      fault,
      endsAt: this.#now() + fault.remainingMs,
      counts: { counter: this.#counter, delayed: 0, failed: 0 },
      listeners: new Set(),
      timer: setTimeout(() => this.end(id), fault.remainingMs).unref(),
    });
  }

  /** Ends a fault, and says what it has done; null when there is none of that id, now and from now on. */
  end(id: string): FaultCounts | null {
    const fault = this.#faults.get(id);
    this.#faults.delete(id);
    this.#ended.add(id);
    const [oldest] = this.#ended;
    if (this.#ended.size > mostEnded) this.#ended.delete(oldest!);
    if (!fault) return null;
    clearTimeout(fault.timer);
    for (const listener of fault.listeners) {
      listener(fault.counts);
      listener(null);
    }
    return fault.counts;
  }

  /** The faults that act now, and for how many ms still. */
  active(): (FaultCounts & { id: string; behaviour: string; remainingMs: number })[] {
    const now = this.#now();
    return [...this.#faults]
      .filter(([, { endsAt }]) => endsAt > now)
      .map(([id, { fault, endsAt, counts }]) => {
        return { id, behaviour: fault.behaviour, remainingMs: endsAt - now, ...counts };
      });
  }

  /** Calls `listener` each time the fault has counted, first with what there is; with null once it is over. */
  follow(id: string, listener: (counts: FaultCounts | null) => void): () => void {
    const fault = this.#faults.get(id);
    listener(fault?.counts ?? null);
    fault?.listeners.add(listener);
    return () => fault?.listeners.delete(listener);
  }

  next(): { latencyMs: number; fails: boolean } {
    const [least, most] = this.#everyday.latencyMs;
    let latencyMs = least + this.#random() * (most - least);
    let fails = this.#hits(this.#everyday.failurePercent);
    const now = this.#now();
    for (const { fault, endsAt, counts, listeners } of this.#faults.values()) {
      if (endsAt <= now || !this.#hits(fault.parameters.percent)) continue;
      if (fault.behaviour === 'slow') {
        latencyMs += fault.parameters.delayMs ?? 0;
        counts.delayed += 1;
      } else {
        fails = true;
        counts.failed += 1;
      }
      for (const listener of listeners) listener(counts);
    }
    return { latencyMs, fails };
  }

  #hits(percent: number): boolean {
    return this.#random() * 100 < percent;
  }
}

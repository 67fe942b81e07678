import { randomBytes } from 'node:crypto';

/** A fault that a process is told to carry out itself, for what is left of its lease. */
export interface OwnFault {
  behaviour: string;
  /** In ms. */
  remainingMs: number;
}

export interface OwnFaultCounts {
  /** Another one each time the process starts: it counts from 0 then. */
  counter: string;
  /** Calls held back, calls failed, requests it has sent of its own. */
  delayed: number;
  failed: number;
  sent: number;
}

interface Acting<F> {
  fault: F;
  /** By the monotonic clock of this process: no lease goes by another machine's. */
  endsAt: number;
  counts: OwnFaultCounts;
  /** Told when it has counted, and (null) when it is over. */
  listeners: Set<(counts: OwnFaultCounts | null) => void>;
  timer: NodeJS.Timeout;
}

/** So many ended faults stay known, so that a word that was on its way does not bring one back. */
const mostEnded = 1000;

/**
 * The faults that this process carries out itself: for what nobody outside of it could do, as a third party's bad days or customers
 * who come in crowds. Each ends by itself.
 */
export class OwnFaults<F extends OwnFault> {
  readonly #counter = randomBytes(4).toString('hex');
  readonly #faults = new Map<string, Acting<F>>();
  readonly #ended = new Set<string>();
  readonly #now: () => number;
  readonly #changed: () => void;

  /** @param changed called when a fault has begun or ended */
  constructor({
    now = () => performance.now(),
    changed = () => {},
  }: { now?: () => number; changed?: () => void } = {}) {
    this.#now = now;
    this.#changed = changed;
  }

  /** Begins a fault, unless it is there already (then it keeps the lease it has) or has ended. Ids are never used twice. */
  begin(id: string, fault: F): void {
    if (this.#faults.has(id) || this.#ended.has(id)) return;
    this.#faults.set(id, {
      fault,
      endsAt: this.#now() + fault.remainingMs,
      counts: { counter: this.#counter, delayed: 0, failed: 0, sent: 0 },
      listeners: new Set(),
      timer: setTimeout(() => this.end(id), fault.remainingMs).unref(),
    });
    this.#changed();
  }

  /** Ends a fault, and says what it has done; null when there is none of that id, now and from now on. */
  end(id: string): OwnFaultCounts | null {
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
    this.#changed();
    return fault.counts;
  }

  /** The faults that act now, and for how many ms still. */
  active(): (OwnFaultCounts & { id: string; behaviour: string; remainingMs: number })[] {
    const now = this.#now();
    return [...this.#faults]
      .filter(([, { endsAt }]) => endsAt > now)
      .map(([id, { fault, endsAt, counts }]) => {
        return { id, behaviour: fault.behaviour, remainingMs: endsAt - now, ...counts };
      });
  }

  /** What acts now, each with the way to count what it has done. */
  *acting(): Generator<{ fault: F; count: (what: 'delayed' | 'failed' | 'sent') => void }> {
    const now = this.#now();
    for (const { fault, endsAt, counts, listeners } of this.#faults.values()) {
      if (endsAt <= now) continue;
      const count = (what: 'delayed' | 'failed' | 'sent') => {
        counts[what] += 1;
        for (const listener of listeners) listener(counts);
      };
      yield { fault, count };
    }
  }

  /** Calls `listener` each time the fault has counted, first with what there is; with null once it is over. */
  follow(id: string, listener: (counts: OwnFaultCounts | null) => void): () => void {
    const fault = this.#faults.get(id);
    listener(fault?.counts ?? null);
    fault?.listeners.add(listener);
    return () => fault?.listeners.delete(listener);
  }
}

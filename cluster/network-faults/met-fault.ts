import type { FaultAtWork, Passage, Stage } from './stream-fault.ts';

/**
 * What a fault counts: calls held back, calls failed, connections dropped, and connections that are left alone, as they do not carry
 * what it acts on.
 */
export type Counted = 'delayed' | 'failed' | 'dropped' | 'leftAlone';

/** A fault on one connection: its stages there, and what it has counted of it. */
export class MetFault {
  readonly there: Stage | undefined;
  readonly back: Stage | undefined;
  readonly #count: (what: Counted) => void;
  /** The last call that was held back. */
  #lastCall = 0;

  constructor(fault: FaultAtWork, count: (what: Counted) => void) {
    ({ there: this.there, back: this.back } = fault.stages?.() ?? {});
    this.#count = count;
  }

  /** One of its stages has held something back, for so many ms, or resets the connection. A call counts once. */
  met({ kind, call }: Passage, ms: number | 'reset'): void {
    if (ms === 'reset' || (kind === 'open' && ms === Infinity)) this.#count('dropped');
    else if (this.#lastCall !== call) {
      this.#lastCall = call;
      this.#count('delayed');
    }
  }
}

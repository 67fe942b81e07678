import { z } from 'zod/v3';
import { remainingMs } from '../../service/own-fault-routes.ts';
import type { OwnFaults } from '../../service/own-faults.ts';

const percent = z.number().min(0).max(100);
const slow = z.object({
  behaviour: z.literal('slow'),
  parameters: z.object({ delayMs: z.number().min(0).max(60_000), percent }),
  remainingMs,
});
const failing = z.object({ behaviour: z.literal('failing'), parameters: z.object({ percent }), remainingMs });

/** A fault the bank may be told to have. */
export const bankFault = z.discriminatedUnion('behaviour', [slow, failing]);
export type BankFault = z.infer<typeof bankFault>;

interface Everyday {
  /** Least and most, uniformly. */
  latencyMs: [number, number];
  failurePercent: number;
}

/** How the bank takes its next call: its everyday behaviour, and the faults that act now. */
export class Behaviour {
  readonly #everyday: Everyday;
  readonly #faults: Pick<OwnFaults<BankFault>, 'acting'>;
  readonly #random: () => number;

  constructor(everyday: Everyday, faults: Pick<OwnFaults<BankFault>, 'acting'>, random: () => number = Math.random) {
    this.#everyday = everyday;
    this.#faults = faults;
    this.#random = random;
  }

  next(): { latencyMs: number; fails: boolean } {
    const [least, most] = this.#everyday.latencyMs;
    let latencyMs = least + this.#random() * (most - least);
    let fails = this.#hits(this.#everyday.failurePercent);
    for (const { fault, count } of this.#faults.acting()) {
      if (!this.#hits(fault.parameters.percent)) continue;
      if (fault.behaviour === 'slow') {
        latencyMs += fault.parameters.delayMs;
        count('delayed');
      } else {
        fails = true;
        count('failed');
      }
    }
    return { latencyMs, fails };
  }

  #hits(percent: number): boolean {
    return this.#random() * 100 < percent;
  }
}

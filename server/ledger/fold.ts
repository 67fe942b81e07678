import type { Ledger } from '../contract/ledger.ts';

/** What the books say of one order. `pending`: begun and not decided, or charged and not read yet. */
export interface OrderState {
  status: 'pending' | 'accepted' | 'failed';
  charges: number;
}

export type Counts = Omit<Ledger, 'since' | 'countedAt' | 'oversold'>;

/** An order that has been undecided for so long, in ms by its own id, is in doubt: no checkout takes as long. */
export const inDoubtAfterMs = 30_000;

/** What an order counts as. Whether it was charged twice, the customer sees on the bill, whatever became of the order. */
export function contribution({ status, charges }: OrderState, isOld: boolean): Counts {
  const accepted = status === 'accepted';
  return {
    accepted: Number(accepted),
    failed: Number(status === 'failed'),
    chargedOnce: Number(accepted && charges === 1),
    chargedTwice: Number(charges > 1),
    acceptedNeverCharged: Number(accepted && charges === 0),
    chargedNeverAccepted: Number(status === 'failed' && charges > 0),
    inDoubt: Number(status === 'pending' && isOld),
  };
}

export const nothing: Counts = contribution({ status: 'pending', charges: 0 }, false);

export function plus(a: Counts, b: Counts, sign: 1 | -1 = 1): Counts {
  const names = Object.keys(nothing) as (keyof Counts)[];
  return Object.fromEntries(names.map((name) => [name, a[name] + sign * b[name]])) as Counts;
}

import type { Ledger } from '../contract/ledger.ts';

/** `pending`: begun and not decided, or charged and not read yet. `to-be-paid`: accepted, the charge is on its way. */
export const statuses = ['pending', 'to-be-paid', 'accepted', 'failed'] as const;

/** What the bank has of an order. */
export interface Movements {
  charges: number;
  refunds: number;
}

/** What the books say of one order. */
export interface OrderState extends Movements {
  status: (typeof statuses)[number];
}

export type Counts = Omit<Ledger, 'since' | 'countedAt' | 'mailsTwice' | 'oversold'>;

/** An order that has been undecided for so long, in ms by its own id, is in doubt: no checkout takes as long. */
export const inDoubtAfterMs = 30_000;
/** An order that was accepted unpaid, and has not been charged at this age, counts as never charged until it is. */
export const overdueAfterMs = 60_000;

/**
 * What an order counts as. Whether it was charged twice, the customer sees on the bill, whatever became of the order.
 *
 * @param age in ms; nothing changes with it after a minute
 */
export function contribution({ status, charges, refunds }: OrderState, age: number): Counts {
  const accepted = status === 'accepted' || status === 'to-be-paid';
  const awaited = status === 'to-be-paid' && age < overdueAfterMs;
  return {
    accepted: Number(accepted),
    failed: Number(status === 'failed'),
    chargedOnce: Number(accepted && charges === 1),
    chargedTwice: Number(charges > 1),
    toBePaid: Number(awaited && charges === 0),
    acceptedNeverCharged: Number(accepted && !awaited && charges === 0),
    chargedNeverAccepted: Number(status === 'failed' && charges > refunds),
    refunded: Number(refunds > 0),
    inDoubt: Number(status === 'pending' && age >= inDoubtAfterMs),
  };
}

export const nothing: Counts = contribution({ status: 'pending', charges: 0, refunds: 0 }, 0);

export function plus(a: Counts, b: Counts, sign: 1 | -1 = 1): Counts {
  const names = Object.keys(nothing) as (keyof Counts)[];
  return Object.fromEntries(names.map((name) => [name, a[name] + sign * b[name]])) as Counts;
}

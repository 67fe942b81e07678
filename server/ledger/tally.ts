import type { Ledger } from '../contract/ledger.ts';
import { firstIdSince } from './order-id.ts';

export type OrderStatus = 'pending' | 'accepted' | 'failed';

interface Entry {
  status: OrderStatus;
  charges: number;
  /** Unix time in ms of the last news. */
  at: number;
}

type Counts = Pick<
  Ledger,
  'accepted' | 'failed' | 'chargedOnce' | 'chargedTwice' | 'acceptedNeverCharged' | 'chargedNeverAccepted'
>;

/** An order that nothing was heard of for so long has settled: its entry is folded into the totals. */
const settledMs = 120_000;
/** Nor will an order still be decided after so long. */
const hopelessMs = 900_000;
/** A charge whose order has not been decided for so long counts as one that was never accepted. */
const undecidedMs = 30_000;
/** Charges read once are known by their ids for as long as they may be read again. */
const rereadMs = 30_000;

/**
 * Joins orders and charges, which live in databases of two contexts, as they are read. Memory is bounded by the orders of
 * the last minutes.
 */
export class Tally {
  readonly #entries = new Map<string, Entry>();
  readonly #charges = new Map<string, number>();
  readonly #first: string;
  #settled: Counts = zero();

  /** @param since Unix time in ms: orders made before it are not counted */
  constructor(since = 0) {
    this.#first = firstIdSince(since);
  }

  decided(order: string, status: 'accepted' | 'failed', now: number): void {
    if (order < this.#first) return;
    const entry = this.#entry(order, now);
    if (entry.status === status) return; // read again
    entry.status = status;
    entry.at = now;
  }

  /** Counts each charge once, however often it is read. */
  charged(order: string, charge: string, now: number): void {
    if (order < this.#first || this.#charges.has(charge)) return;
    this.#charges.set(charge, now);
    const entry = this.#entry(order, now);
    entry.charges += 1;
    entry.at = now;
  }

  counts(now: number): Counts {
    const counts = { ...this.#settled };
    for (const [order, entry] of this.#entries) {
      const settled = now - entry.at >= (entry.status === 'pending' ? hopelessMs : settledMs);
      if (settled) {
        add(this.#settled, entry, now);
        this.#entries.delete(order);
      }
      add(counts, entry, now);
    }
    for (const [charge, at] of this.#charges) {
      if (now - at < settledMs + rereadMs) break; // in the order they came
      this.#charges.delete(charge);
    }
    return counts;
  }

  #entry(order: string, now: number): Entry {
    let entry = this.#entries.get(order);
    if (!entry) this.#entries.set(order, (entry = { status: 'pending', charges: 0, at: now }));
    return entry;
  }
}

function add(counts: Counts, { status, charges, at }: Entry, now: number): void {
  if (status === 'accepted') counts.accepted += 1;
  if (status === 'failed') counts.failed += 1;
  if (status === 'accepted' && charges === 0) counts.acceptedNeverCharged += 1;
  if (status === 'accepted' && charges === 1) counts.chargedOnce += 1;
  if (charges > 1) counts.chargedTwice += 1;
  const lost = status === 'failed' || (status === 'pending' && now - at >= undecidedMs);
  if (lost && charges > 0) counts.chargedNeverAccepted += 1;
}

function zero(): Counts {
  return { accepted: 0, failed: 0, chargedOnce: 0, chargedTwice: 0, acceptedNeverCharged: 0, chargedNeverAccepted: 0 };
}

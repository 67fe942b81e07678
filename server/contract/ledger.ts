/** What the customers got, counted from the databases. */
export interface Ledger {
  /** Unix time in ms from which orders count. */
  since: number;
  /** Unix time in ms of the count. */
  countedAt: number;
  accepted: number;
  /** Orders that were tried and turned away or failed. */
  failed: number;
  chargedOnce: number;
  chargedTwice: number;
  acceptedNeverCharged: number;
  chargedNeverAccepted: number;
  /** Undecided for half a minute or more: whether they were charged, and will be accepted, nobody knows yet. */
  inDoubt: number;
  /** Products sold beyond their stock. */
  oversold: number;
}

import type { Ledger } from '../../server/contract/ledger.ts';

export interface LedgerRow {
  title: string;
  value: number;
  /** `good` and `bad` for what must never happen; `plain` for the rest. */
  tone: 'plain' | 'good' | 'bad';
  /** What is counted, and what it takes to come about. */
  explanation: string;
}

/** The ledger as lines. What must stay at zero is marked as soon as it does not. */
export function ledgerRows(ledger: Ledger): LedgerRow[] {
  const plain = (title: string, value: number, explanation: string): LedgerRow => {
    return { title, value, tone: 'plain', explanation };
  };
  const never = (title: string, value: number, explanation: string): LedgerRow => {
    return { title, value, tone: value === 0 ? 'good' : 'bad', explanation };
  };
  return [
    plain('Orders accepted', ledger.accepted, 'Their customers were told: we have your order.'),
    plain('Orders failed', ledger.failed, 'Turned away, or given up. The customer knows, and may try again.'),
    plain('Charged once', ledger.chargedOnce, 'As it should be: the bank took the money for one order one time.'),
    plain('To be paid', ledger.toBePaid, 'Accepted, and charged later: by a message, or once the bank answers again.'),
    plain('Refunded', ledger.refunded, 'Charged, then failed, and the money was given back.'),
    never('Charged twice', ledger.chargedTwice, 'A call was repeated that had worked: only its answer was lost.'),
    never('Accepted, never charged', ledger.acceptedNeverCharged, 'A promise that nobody has kept for a minute.'),
    never('Charged, never accepted', ledger.chargedNeverAccepted, 'Paid for an order that failed, and not given back.'),
    never('In doubt', ledger.inDoubt, 'Half a minute old, and nobody knows yet whether it was charged.'),
    never('Oversold items', ledger.oversold, 'Two orders read the same stock before either wrote it.'),
    never('Mails sent twice', ledger.mailsTwice, 'A message was delivered again, and its reader did not know it.'),
  ];
}

/** Of what must never happen, what has: the most first. */
export function wrongRows(rows: readonly LedgerRow[]): LedgerRow[] {
  return rows.filter(({ tone }) => tone === 'bad').toSorted((a, b) => b.value - a.value);
}

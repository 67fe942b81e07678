import type { Ledger } from '../../server/contract/ledger.ts';

export interface LedgerRow {
  title: string;
  value: number;
  /** `good` and `bad` for what must never happen; `plain` for the rest. */
  tone: 'plain' | 'good' | 'bad';
}

/** The ledger as lines. What must stay at zero is marked as soon as it does not. */
export function ledgerRows(ledger: Ledger): LedgerRow[] {
  const never = (title: string, value: number): LedgerRow => ({ title, value, tone: value === 0 ? 'good' : 'bad' });
  return [
    { title: 'Orders accepted', value: ledger.accepted, tone: 'plain' },
    { title: 'Orders failed', value: ledger.failed, tone: 'plain' },
    { title: 'Charged once', value: ledger.chargedOnce, tone: 'plain' },
    { title: 'To be paid', value: ledger.toBePaid, tone: 'plain' },
    { title: 'Refunded', value: ledger.refunded, tone: 'plain' },
    never('Charged twice', ledger.chargedTwice),
    never('Accepted, never charged', ledger.acceptedNeverCharged),
    never('Charged, never accepted', ledger.chargedNeverAccepted),
    never('In doubt', ledger.inDoubt),
    never('Oversold items', ledger.oversold),
    never('Mails sent twice', ledger.mailsTwice),
  ];
}

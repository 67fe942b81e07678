'use client';
import type { Ledger } from '../../server/contract/ledger.ts';
import { useSystem } from '../state/use-system.ts';
import { Group } from '../ui/group.tsx';
import { clock, count } from '../ui/quantity.ts';
import { ledgerRows } from './ledger-rows.ts';
import styles from './ledger.module.css';

/** What the customers got, counted from the databases. */
export function LedgerPanel() {
  const total = useSystem('ledger');
  const run = useSystem('lab');
  const ledger = run?.ledger ?? total; // in a lab, what the learner's own run has brought
  return (
    <Group title={ledger ? `Ledger, since ${clock(ledger.since)}` : 'Ledger'}>
      {ledger ? (
        <LedgerList ledger={ledger} />
      ) : (
        <p className={styles.none}>Not counted yet: the databases have not answered.</p>
      )}
    </Group>
  );
}

export function LedgerList({ ledger }: { ledger: Ledger }) {
  return (
    <dl className={styles.rows}>
      {ledgerRows(ledger).map(({ title, value, tone }) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd data-tone={tone}>{count(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

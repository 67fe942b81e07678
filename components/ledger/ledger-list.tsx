import type { Ledger } from '../../server/contract/ledger.ts';
import { count } from '../ui/quantity.ts';
import { ledgerRows } from './ledger-rows.ts';
import styles from './ledger.module.css';

/** What customers got, line by line. */
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

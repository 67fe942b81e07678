import type { RecapRow } from '../../server/contract/lab.ts';
import { count, duration, percent, rate, seconds } from '../ui/quantity.ts';
import { ColumnHeadings } from '../ui/column-headings.tsx';
import styles from './recap.module.css';

/** The phases of the run side by side, all measured in this run. */
export function RecapTable({ rows }: { rows: RecapRow[] }) {
  return (
    <div className={styles.scroll} tabIndex={0} role="group" aria-label="Phases of the run">
      <table className={styles.table}>
        <ColumnHeadings titles={['Phase', 'p50', 'p95', 'Errors', 'Orders accepted', 'Orders lost', 'Measured for']} />
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <th scope="row">{row.name}</th>
              <td>{duration(row.p50)}</td>
              <td>{duration(row.p95)}</td>
              <td>{row.errorRatio === null ? '–' : percent(row.errorRatio)}</td>
              <td>{row.goodput === null ? '–' : rate(row.goodput)}</td>
              <td>{count(row.ordersLost)}</td>
              <td>{seconds(row.seconds)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

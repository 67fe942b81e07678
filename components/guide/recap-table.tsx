import type { Recap } from '../../server/contract/lab.ts';
import { count, duration, percent, quantity, rate, seconds } from '../ui/quantity.ts';
import { ColumnHeadings } from '../ui/column-headings.tsx';
import styles from './recap.module.css';

/** The phases of the run side by side, all measured in this run. */
export function RecapTable({ rows, figures }: Pick<Recap, 'rows' | 'figures'>) {
  const titles = figures.map(({ title }) => title);
  return (
    <div className={styles.scroll} tabIndex={0} role="group" aria-label="Phases of the run">
      <table className={styles.table}>
        <ColumnHeadings
          titles={['Phase', 'p50', 'p95', 'Errors', 'Orders accepted', 'Orders lost', ...titles, 'Measured for']}
        />
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <th scope="row">{row.name}</th>
              <td>{duration(row.p50)}</td>
              <td>{duration(row.p95)}</td>
              <td>{row.errorRatio === null ? '–' : percent(row.errorRatio)}</td>
              <td>{row.goodput === null ? '–' : rate(row.goodput)}</td>
              <td>{count(row.ordersLost)}</td>
              {figures.map(({ title, unit }, i) => (
                <td key={title}>{quantity(row.figures[i] ?? null, unit)}</td>
              ))}
              <td>{seconds(row.seconds)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

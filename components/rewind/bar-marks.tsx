import { memo } from 'react';
import type { Mark } from '../../server/contract/signals.ts';
import { shareOf, type Range } from './timeline.ts';
import styles from './rewind.module.css';

interface BarMarksProps {
  marks: readonly Mark[];
  spans: readonly Range[];
  range: Range;
}

/** What lies under the slider: hatched where a fault acted, a flag where it began, a hollow one where it ended, a diamond for a switch. */
export const BarMarks = memo(function BarMarks({ marks, spans, range }: BarMarksProps) {
  const left = (at: number) => `${100 * shareOf(at, range)}%`;
  return (
    <div className={styles.marks} aria-hidden="true">
      {spans.map(({ from, to }) => (
        <i
          key={`${from} ${to}`}
          className={styles.span}
          style={{ left: left(from), width: `${100 * (shareOf(to, range) - shareOf(from, range))}%` }}
        />
      ))}
      {marks.map(({ id, at, kind }) => (
        <svg key={id} className={styles.mark} data-kind={kind} style={{ left: left(at) }} viewBox="0 0 12 26">
          {kind === 'pattern' ? <path d="M6 24V9M6 1l4 4-4 4-4-4z" /> : <path d="M3 25V1l8 3-8 3" />}
        </svg>
      ))}
    </div>
  );
});

import type { BreakerView, EdgeView } from '../../server/contract/topology.ts';
import { useSecondsUntil } from '../state/use-seconds-until.ts';
import { VisuallyHidden } from '../ui/visually-hidden.tsx';
import { edgeName } from './edge-notes.ts';
import styles from './breaker-badge.module.css';

const drawing = { closed: 'M1 6h18', open: 'M1 6h5M14 6h5M6.5 6l6-4.5', 'half-open': 'M1 6h5M14 6h5M6.5 6l7-1.8' };

/** State of the breaker on an edge: a switch drawn closed, open or ajar, with the seconds until the next probe. */
export function BreakerBadge({ edge, breaker }: { edge: EdgeView; breaker: BreakerView }) {
  const left = useSecondsUntil(breaker.openUntil ?? 0);
  const waits = breaker.state === 'open' && left > 0;
  const trips = breaker.trips > 0 ? `, opened ${breaker.trips} times` : '';
  return (
    <span className={styles.badge} data-state={breaker.state} title={`Breaker ${breaker.state}${trips}`}>
      <VisuallyHidden>
        {edgeName(edge)}: breaker {breaker.state}
      </VisuallyHidden>
      <svg viewBox="0 0 20 10" aria-hidden="true">
        <path d={drawing[breaker.state]} />
      </svg>
      <span aria-hidden="true">
        {breaker.state}
        {waits && ` · ${left} s`}
      </span>
    </span>
  );
}

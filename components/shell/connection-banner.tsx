'use client';
import { useConnection } from '../state/use-system.ts';
import styles from './shell.module.css';

/** Says that the numbers on the page stand still, for as long as they do. */
export function ConnectionBanner() {
  const lost = useConnection() === 'lost';
  return (
    <div role="status" aria-label="Connection">
      {lost && (
        <p className={styles.banner}>
          <b>The lab server does not answer.</b> What you see is the last known state. Connecting again by itself…
        </p>
      )}
    </div>
  );
}

'use client';
import { useConnection, useMember } from '../state/use-system.ts';
import styles from './shell.module.css';

/** Says that the numbers on the page stand still, for as long as they do, and what keeps the lab's machine from working. */
export function ConnectionBanner() {
  const lost = useConnection() === 'lost';
  const problem = useMember('cluster', ({ problem }) => problem);
  return (
    <div role="status" aria-label="Connection">
      {lost && (
        <p className={styles.banner}>
          <b>The lab server does not answer.</b> What you see is the last known state. Connecting again by itself…
        </p>
      )}
      {!lost && problem && <p className={styles.banner}>{problem}</p>}
    </div>
  );
}

'use client';
import { useAction } from '../state/action.ts';
import { openNewestOrder } from '../traces/open-trace.ts';
import { Button } from '../ui/button.tsx';
import styles from './guide.module.css';

/** Opens the trace of one real order in the dock. */
export function Trace() {
  const [open, busy] = useAction(openNewestOrder);
  return (
    <div className={styles.action}>
      <Button busy={busy} onClick={() => void open()}>
        Open an order’s trace
      </Button>
    </div>
  );
}

'use client';
import { useAction } from '../state/action.ts';
import { request } from '../state/api.ts';
import { useMember } from '../state/use-system.ts';
import { Button } from '../ui/button.tsx';
import { useRun } from './lab-context.tsx';
import styles from './guide.module.css';

/** Sets the load to what the step asks for. */
export function Load() {
  const { load } = useRun().offers;
  const now = useMember('load', ({ rate }) => rate);
  const [set, busy] = useAction((rate: number) => request('PUT', '/api/load', { rate }));
  if (load === null) return null;
  const done = now === load;
  return (
    <div className={styles.action}>
      <Button look={done ? 'plain' : 'primary'} busy={busy} disabled={done} onClick={() => void set(load)}>
        {done ? `✓ Load: ${load} requests per second` : `Set the load to ${load} requests per second`}
      </Button>
    </div>
  );
}

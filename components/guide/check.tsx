'use client';
import { useRun } from './lab-context.tsx';
import styles from './check.module.css';

/** One check of the current step, which watches the system and ticks by itself. */
export function Check({ id }: { id: string }) {
  const check = useRun().checks.find((each) => each.id === id);
  if (!check) return null;
  const met = check.state === 'met';
  return (
    <div className={styles.check} data-state={check.state} role="group" aria-label={`Check: ${check.title}`}>
      <span className={styles.tick} aria-hidden="true">
        {met ? '✓' : ''}
      </span>
      <div>
        {check.title}
        <span className={styles.state}>{met ? ' (met)' : check.state === 'holding' ? ' (holding)' : ' (not yet)'}</span>
        <small>
          {check.detail}
          {check.alreadyHeld && !met && '. It held before you did anything: make it happen once more.'}
        </small>
      </div>
    </div>
  );
}

'use client';
import type { ReactNode } from 'react';
import { StepContext, useRun } from './lab-context.tsx';
import styles from './guide.module.css';

/** One step of a guide. Only the current one is shown. */
export function Step({ id, children }: { id: string; children: ReactNode }) {
  const run = useRun();
  if (run.steps[run.step]?.id !== id) return null;
  return (
    <StepContext step={id}>
      <div className={styles.step}>{children}</div>
    </StepContext>
  );
}

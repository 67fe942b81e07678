'use client';
import type { ReactNode } from 'react';
import { useRun } from './lab-context.tsx';
import styles from './guide.module.css';

/** One step of a guide. Only the current one is shown. */
export function Step({ id, children }: { id: string; children: ReactNode }) {
  const run = useRun();
  if (run.steps[run.step]?.id !== id) return null;
  return <div className={styles.step}>{children}</div>;
}

'use client';
import { useRun } from './lab-context.tsx';
import styles from './guide.module.css';

/** What an expression comes to now, in the midst of a sentence. */
export function Value({ of }: { of: string }) {
  return <span className={styles.value}>{useRun().values[of] ?? '–'}</span>;
}

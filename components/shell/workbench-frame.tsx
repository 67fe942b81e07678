'use client';
import type { ReactNode } from 'react';
import { usePresenting } from '../state/view.ts';
import styles from './shell.module.css';

/** The grid of the lab page; for a room of people only what all look at. */
export function WorkbenchFrame({ guide, children }: { guide: boolean; children: ReactNode }) {
  const [presenting] = usePresenting();
  return (
    <div className={styles.workbench} data-guide={guide} data-presenting={presenting}>
      {children}
    </div>
  );
}

'use client';
import type { LabRun } from '../../server/contract/lab.ts';
import { clockSeconds } from '../ui/quantity.ts';
import styles from './guide.module.css';

/** What other participants changed in the shop that all share. There before anything is told: a reader only hears what changes. */
export function Notices({ run }: { run: LabRun }) {
  return (
    <ul className={styles.notices} aria-label="Changes by others" aria-live="polite">
      {run.notices.map(({ at, text }) => (
        <li key={`${at}${text}`}>
          {text}. <span>{clockSeconds(at)}</span>
        </li>
      ))}
    </ul>
  );
}

import { useId } from 'react';
import type { ReactNode } from 'react';
import styles from './group.module.css';

/** A titled part of a side panel. */
export function Group({ title, children }: { title: string; children: ReactNode }) {
  const heading = useId();
  return (
    <section className={styles.group} aria-labelledby={heading}>
      <h2 id={heading}>{title}</h2>
      {children}
    </section>
  );
}

'use client';
import { DiffButton } from '../patterns/diff-button.tsx';
import { useSystem } from '../state/use-system.ts';
import styles from './guide.module.css';

/** Opens the YAML diff of a pattern. */
export function Diff({ pattern: id }: { pattern: string }) {
  const pattern = useSystem('patterns')?.find((each) => each.id === id);
  if (!pattern) return null;
  return (
    <div className={styles.action}>
      <DiffButton pattern={pattern} look="plain" />
    </div>
  );
}

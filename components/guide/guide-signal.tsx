'use client';
import { useService } from '../state/use-system.ts';
import { targetName } from '../topology/edge-notes.ts';
import { useRun } from './lab-context.tsx';
import styles from './guide.module.css';

/** The live numbers of a service, a call, the customers or one of their operations, within the text: as the checks see them. */
export function Signal({ id }: { id: string }) {
  const { values } = useRun();
  const known = useService(id);
  const [rate, p95, errors] = ['rate', 'p95', 'errors'].map((fact) => values[`${fact}('${id}')`] ?? '–');
  const name = id.replace(/^customer\b/, 'customers').replace(/^customers (.+)/, 'customers: $1');
  const title = known ? id : targetName(name);
  return (
    <span className={styles.signal} role="group" aria-label={`${title} now`}>
      <b>{title}</b>
      <span>{rate}</span>
      <span>p95 {p95}</span>
      <span>{errors} errors</span>
    </span>
  );
}

'use client';
import Link from 'next/link';
import type { LabSummary } from '../../server/contract/lab.ts';
import { useLabs } from '../state/use-labs.ts';
import styles from './catalogue.module.css';

const levels = { start: 'to start with', middle: 'intermediate', deep: 'deep' } as const;

/** All labs as cards; the ones that can be taken lead on. */
export function Catalogue() {
  const labs = useLabs();
  if (!labs) return <p className={styles.wait}>Reading the labs…</p>;
  return (
    <ol className={styles.labs} aria-label="Labs">
      {labs.map((lab) => (
        <li key={lab.id}>
          <LabCard lab={lab} />
        </li>
      ))}
    </ol>
  );
}

function LabCard({ lab }: { lab: LabSummary }) {
  const body = (
    <>
      <span className={styles.number}>{lab.number}</span>
      <h3>{lab.title}</h3>
      <p>{lab.goal}</p>
      <small>{lab.available ? `About ${lab.minutes} min · ${levels[lab.level]}` : 'Not in this version'}</small>
    </>
  );
  if (!lab.available) return <div className={styles.card}>{body}</div>;
  return (
    <Link href={`/labs/${lab.id}`} className={styles.card} data-available="true">
      {body}
      <span className={styles.go}>Open the lab →</span>
    </Link>
  );
}

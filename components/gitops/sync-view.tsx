'use client';
import { useState } from 'react';
import type { Sync } from '../../server/contract/patterns.ts';
import { ColumnHeadings } from '../ui/column-headings.tsx';
import styles from './gitops.module.css';
import { OthersChanges } from './others-changes.tsx';
import { listed } from './sync-words.ts';
import { SyncedRow } from './synced-row.tsx';
import { WordFilter } from './word-filter.tsx';

/** Every object of the desired state, and whether the cluster has it so. */
export function SyncView({ sync }: { sync: Sync | null }) {
  const [words, setWords] = useState('');
  if (!sync) return <p>Reading the objects…</p>;
  const objects = listed(sync.objects, words);
  return (
    <>
      <div className={styles.bar}>
        <WordFilter words={words} placeholder="deployment drifted" onChange={setWords} shown={objects.length} />
        <OthersChanges selfHeals={sync.selfHeals} />
      </div>
      <table className={styles.objects} aria-label="Objects">
        <ColumnHeadings titles={['State', 'Object']} />
        <tbody>
          {objects.map((object) => (
            <SyncedRow key={`${object.namespace} ${object.object}`} object={object} shop={sync.namespace} />
          ))}
        </tbody>
      </table>
    </>
  );
}

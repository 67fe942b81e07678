'use client';
import { useState } from 'react';
import { requestText } from '../state/api.ts';
import { documentsWith } from './manifests.ts';
import { useRefreshed } from '../state/use-refreshed.ts';
import styles from './dock.module.css';

const readManifests = () => requestText('/api/manifests');

/** The desired state as it is rendered now. */
export function ManifestsPanel() {
  const yaml = useRefreshed(readManifests, 5000);
  const [words, setWords] = useState('');
  if (yaml === null) return <p className={styles.panel}>Rendering the manifests…</p>;
  const documents = documentsWith(yaml, words);
  return (
    <div className={styles.panel}>
      <label className={styles.bar}>
        Objects with
        <input type="search" value={words} placeholder="replicas" onChange={(event) => setWords(event.target.value)} />
        <span>{documents.length} shown</span>
      </label>
      <pre className={styles.yaml}>{documents.join('\n---\n')}</pre>
    </div>
  );
}
